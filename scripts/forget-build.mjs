// What is built by hand, or half built, is not known to be of these sources: scripts/ready.mjs builds again.
import { rmSync } from "node:fs";

rmSync(new URL("../dist/.signpost-built", import.meta.url), { force: true });
