/** An outcome of a lookup about networks, for a terminal: what came out, and then what is known. */
import pc from "picocolors";
import type { UnreachableOutcome } from "../sdk/node.js";

interface Told {
  readonly status: "found" | "absent" | "unreachable" | "untrusted";
  readonly sentence: string;
  readonly unreachable?: UnreachableOutcome["unreachable"];
  readonly check?: string;
  readonly reason?: string;
}

export function addressedOutcome(outcome: Told, lines: readonly string[] = []): readonly string[] {
  const { status, sentence, unreachable = [], check } = outcome;
  const color = { found: pc.green, absent: pc.yellow, unreachable: pc.red, untrusted: pc.red };
  const why = [
    ...unreachable.map(({ who, reason }) => `  ${pc.red("x")} ${who}: ${reason}`),
    ...(check === undefined ? [] : [`  ${pc.red("x")} ${check}`]),
  ];
  const more = [...why, ...lines];
  return [`${color[status](status)}  ${sentence}`, ...(more.length === 0 ? [] : ["", ...more])];
}
