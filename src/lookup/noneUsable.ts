import type { RelayNodeOutcome, UnreachableOutcome, UntrustedOutcome } from "./outcome.js";

/** What becomes of something whose relay nodes were looked up, when none of them can be used. */
export function noneUsable(
  name: string,
  relayNodes: readonly RelayNodeOutcome[],
): UnreachableOutcome | UntrustedOutcome {
  const told = relayNodes.map((node) => node.sentence).join(" ");
  const sentence = `None of the relay nodes of ${name} can be used. ${told}`;
  const unreachable = relayNodes.flatMap((node) =>
    node.status === "unreachable" ? node.unreachable : [],
  );
  const couldNotAsk = relayNodes.some(({ status }) => status === "unreachable");
  if (couldNotAsk) return { status: "unreachable", name, sentence, unreachable };
  return { status: "untrusted", name, sentence, check: "signing-node" };
}
