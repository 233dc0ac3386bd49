/** `npm start`: what `signpost serve` does, as a program of its own. */
import { CAPABILITIES, STARTED_BY_DEFAULT } from "./capabilities/list.js";
import { isSignpostError } from "./errors.js";
import { run } from "./process/run.js";

const named = process.argv.slice(2);

try {
  await run(CAPABILITIES, named.length === 0 ? STARTED_BY_DEFAULT : named);
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`signpost: ${error.message}`);
  process.exit(1);
}
