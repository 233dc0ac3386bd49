/** What a command tells, on the output that it was given. */
import type { Command } from "commander";
import { jsonText } from "../../terminal/jsonText.js";

export function tell(
  command: Command,
  flags: { readonly json?: true },
  facts: unknown,
  lines: readonly string[],
): void {
  const text = flags.json ? jsonText(facts) : lines.join("\n");
  command.configureOutput().writeOut?.(`${text}\n`);
}
