/** What `--help` shows beyond the options: an example below each command, and the commands in groups. */
import type { Command } from "commander";
import { EXAMPLES } from "./examples.js";

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "Look names up, write messages:": ["resolve", "publish", "message", "certificate"],
  "Find out what is wrong:": ["doctor", "history"],
  "The installation and what it serves:": [
    ...["serve", "domain", "key", "signer", "source"],
    ...["export", "import", "mirror", "secrets", "completion"],
  ],
  "The resolver on the chain:": ["resolver"],
  "Relay nodes and other networks:": [
    "relay",
    "node",
    "network",
    "gateway",
    "bridge",
    "xmpp",
    "mail",
  ],
};

const ENV_FILE =
  "Every command takes --env-file <file>: the settings of the installation (default: .env).";

export function dressHelp(program: Command): void {
  for (const command of program.commands) {
    const group = Object.keys(GROUPS).find((one) => GROUPS[one]?.includes(command.name()));
    if (group !== undefined) command.helpGroup(group);
    addExamples(command, "");
  }
  program.addHelpText(
    "after",
    `\n${ENV_FILE}\nMore of one command: signpost <command> --help. All of them: docs/cli.md.`,
  );
}

/** @param path the words before this command, each with a space after it */
function addExamples(command: Command, path: string): void {
  const words = path + command.name();
  const example = EXAMPLES[words];
  if (example !== undefined) command.addHelpText("after", `\nExample: signpost ${example}`);
  for (const one of command.commands) addExamples(one, `${words} `);
}
