/** Logs thousands of lines to a standard output that takes none, and tells on standard error that it is still there. */
import { openLog } from "../../src/observe/log.js";

const log = openLog({ level: "info", readable: false });
for (let line = 0; line < 5_000; line++) log.info(`line ${line} ${"x".repeat(200)}`);
setTimeout(() => {
  log.info("one more");
  process.stderr.write("still there\n");
}, 200);
