/** `signpost serve` and `signpost secrets` of a build with the vault alone: without arguments it serves. */
import { Command } from "commander";
import { secretsCommand } from "../../../src/cli/secrets.js";
import { isSignpostError } from "../../../src/errors.js";
import { run } from "../../../src/process/run.js";
import { vault } from "./vault.js";

try {
  if (process.argv.length > 2) {
    const program = new Command("signpost");
    secretsCommand(program, vault.sealedColumns);
    await program.parseAsync();
  } else {
    await run([vault], [vault.name]);
  }
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`signpost: ${error.message}`);
  process.exit(1);
}
