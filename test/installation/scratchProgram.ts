/** A process that opens a scratch database on a throw-away server, and ends when its standard input does. */
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";

const { url } = await openScratchDatabase();
process.stdout.write(`${url}\n`);
process.stdin.resume();
