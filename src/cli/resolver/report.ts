/** A command's result: lines for people, or with `--json` one object for programs. */
import { jsonText } from "../../terminal/jsonText.js";
import type { Session, WantedChange } from "./session.js";

export async function reportUnchanged(
  wanted: WantedChange,
  session: Session,
  sentence: string,
): Promise<void> {
  const state = await wanted.readBack();
  report(session, { outcome: "unchanged", sentence, ...wanted.facts(), state }, [
    `Nothing to do: ${sentence}`,
  ]);
}

export function report(
  { flags, terminal }: Pick<Session, "flags" | "terminal">,
  facts: Readonly<Record<string, unknown>>,
  lines: readonly string[],
): void {
  terminal.print(flags.json ? jsonText(facts) : lines.join("\n"));
}
