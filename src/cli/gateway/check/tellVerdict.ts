/** What all lines of a check come to: for people or, as JSON, for programs; and the exit status. */
import type { Command } from "commander";
import { verdictOf } from "../../../conformance/examineRelayNode.js";
import type { Line } from "../../../doctor/line.js";
import { foreignText } from "../../../fetch/foreignText.js";
import type { NetworkOutcome } from "../../../sdk/node.js";
import { jsonText } from "../../../terminal/jsonText.js";
import { doctorText } from "../../doctorText.js";
import { VERDICT_EXIT_STATUS } from "../../node/check.js";

export function tellVerdict(
  command: Command,
  { name, status }: Pick<NetworkOutcome, "name" | "status">,
  lines: readonly Line[],
  { json }: { readonly json?: true },
): void {
  // an outage says nothing of the gateway or bridge
  const verdict = status === "unreachable" ? status : verdictOf(lines);
  const text = json
    ? jsonText({ name, verdict, lines })
    : doctorText(foreignText(name), verdict, lines);
  command.configureOutput().writeOut?.(`${text}\n`);
  process.exitCode = VERDICT_EXIT_STATUS[verdict];
}
