#!/usr/bin/env node
// The one binary of Signpost. It runs the compiled program; in a fresh clone that has to be built first.
import { existsSync } from "node:fs";

const program = new URL("../dist/cli/main.js", import.meta.url);
if (!existsSync(program)) {
  console.error(
    "signpost: not built yet. Run `npm ci && npm run build` in this folder, then try again.",
  );
  process.exit(1);
}
await import(program);
