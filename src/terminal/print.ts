/** What a command tells: lines for a person, JSON for a program (`--json`). */
import { jsonText } from "./jsonText.js";

export function print(
  flags: { readonly json?: true },
  facts: unknown,
  lines: readonly string[],
): void {
  console.log(flags.json ? jsonText(facts) : lines.join("\n"));
}
