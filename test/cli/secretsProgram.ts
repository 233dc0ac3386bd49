/** `signpost secrets` of a build with a capability that keeps passwords (test/sealing/sampleColumn.ts). */
import { Command } from "commander";
import { secretsCommand } from "../../src/cli/secrets.js";
import { PASSWORD } from "../sealing/sampleColumn.js";

const program = new Command("signpost");
secretsCommand(program, [PASSWORD]);
await program.parseAsync();
