// The TypeScript compiler leaves the migrations behind: puts them where the build looks for them.
import { cpSync, readdirSync, rmSync } from "node:fs";

const sources = new URL("../src/", import.meta.url);
const built = new URL("../dist/", import.meta.url);
const folders = new Set(
  readdirSync(sources, { recursive: true })
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, file.lastIndexOf("/") + 1)),
);
for (const folder of folders) {
  rmSync(new URL(folder, built), { recursive: true, force: true });
  cpSync(new URL(folder, sources), new URL(folder, built), { recursive: true });
}
