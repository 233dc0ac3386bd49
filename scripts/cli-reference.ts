// npm run cli-reference: writes docs/cli.md from the commands
import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { addCommands } from "../src/cli/commands.js";
import { commandTree } from "../src/cli/help/commandTree.js";
import { cliReference } from "../src/cli/help/reference.js";

const program = new Command("signpost");
await addCommands(program);
await writeFile(new URL("../docs/cli.md", import.meta.url), cliReference(commandTree(program)));
