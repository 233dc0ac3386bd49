// The TypeScript compiler leaves the migrations behind: puts them where the build looks for them.
import { cpSync, rmSync } from "node:fs";

const built = new URL("../dist/db/migrations/", import.meta.url);
rmSync(built, { recursive: true, force: true });
cpSync(new URL("../src/db/migrations/", import.meta.url), built, { recursive: true });
