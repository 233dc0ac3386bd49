// npm run vectors: writes the files of test/vectors that have one rule each
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { FORMATS } from "../test/interop/make/formats.js";

for (const [format, filesOf] of Object.entries(FORMATS)) {
  const folder = fileURLToPath(new URL(`../test/vectors/${format}/`, import.meta.url));
  for (const kind of ["valid", "invalid"])
    await rm(folder + kind, { recursive: true, force: true });
  for (const [path, text] of await filesOf()) {
    await mkdir(dirname(folder + path), { recursive: true });
    await writeFile(folder + path, text);
  }
}
