/**
 * THE MAIN FLOW of carrying: a message that its sender signed and encrypted goes as far as it gets now. Look the receiver up,
 * and offer each of its relay nodes, in the order of the profile, the envelope that the sender made for it, until one accepts.
 */
import type { FoundProfile } from "../lookup/outcome.js";
import { type SendingParts, withoutReceiver, withoutRelayNode } from "./advance.js";
import { type NodeState, type OutgoingMessage, raised, type WhyNot } from "./outgoingMessage.js";
import { failedAgain } from "./patience.js";
import { settled } from "./settled.js";
import { submitEnvelope } from "./submitEnvelope.js";

export type CarryParts = Omit<SendingParts, "keysOf">;

/** Sixteen relay nodes that do not answer must not hold a place for minutes; the rest of them has its turn after a pause. */
const LONGEST_MS = 15_000;
const PAUSE_MS = 1_000;

type RelayNode = FoundProfile["relayNodes"][number];

/** The message afterwards, with the next time at which there is something to do. */
export async function carry(parts: CarryParts, message: OutgoingMessage): Promise<OutgoingMessage> {
  const receiver = await parts.profileOf(message.to, "remembered");
  if (receiver.status !== "found") return withoutReceiver(parts, message, receiver);
  if (receiver.relayNodes.length === 0) return withoutRelayNode(parts, message);
  let now: OutgoingMessage = { ...message, failedLookups: 0 };
  const untilMs = parts.nowMs() + LONGEST_MS;
  for (const node of receiver.relayNodes) {
    const before = now.nodes[node.name];
    if (before?.status === "refused") continue;
    if (before !== undefined && before.nextMs > parts.nowMs()) continue;
    if (parts.nowMs() >= untilMs) return { ...now, dueMs: parts.nowMs() + PAUSE_MS };
    const state = await offered(parts, now, node);
    if (state === "accepted") return raised({ ...now, acceptedBy: node.name }, "accepted");
    now = { ...now, nodes: { ...now.nodes, [node.name]: state } };
  }
  const names = receiver.relayNodes.map(({ name }) => name);
  return settled(now, names, parts.nowMs());
}

async function offered(
  parts: CarryParts,
  message: OutgoingMessage,
  node: RelayNode,
): Promise<NodeState | "accepted"> {
  if (node.status !== "found") {
    const isUnknown = node.status === "unreachable";
    const why = {
      reason: isUnknown ? ("unreachable" as const) : ("no-relay-node" as const),
      sentence: node.sentence,
    };
    return failed(parts, message, node, isUnknown ? "unreachable" : "later", why);
  }
  const own = message.sealed?.envelopes[node.name];
  if (own === undefined) return { status: "refused", ...notForThisNode(node.name) };
  const answer = await submitEnvelope(node.profile.url, own.envelope, parts.submit);
  switch (answer.kind) {
    case "accepted":
      return "accepted";
    case "other-hash-field":
    case "sign-again": {
      // only the sender can sign it
      const sentence = "sentence" in answer ? answer.sentence : OTHER_NAME;
      return { status: "refused", reason: "wrong-key", sentence };
    }
    case "refused": {
      const { reason, sentence } = answer;
      return { status: "refused", reason, sentence };
    }
    case "later":
    case "unreachable":
      return failed(parts, message, node, answer.kind, answer);
  }
}

function failed(
  parts: CarryParts,
  { nodes }: OutgoingMessage,
  { name }: RelayNode,
  status: "unreachable" | "later",
  { reason, sentence, retryAfterMs = 0 }: WhyNot & { readonly retryAfterMs?: number },
): NodeState {
  const { patience } = parts;
  const clocks = { nowMs: parts.nowMs(), chance: parts.chance(), patience, retryAfterMs };
  return failedAgain(nodes[name], status, { reason, sentence }, clocks);
}

const OTHER_NAME =
  "The relay node takes the hash of the message under its other name only. Sign the envelope again with that.";

function notForThisNode(name: string): WhyNot {
  return {
    reason: "wrong-key",
    sentence: `The message has no envelope for the relay node ${name}, which the receiver's profile names now. Encrypt it again.`,
  };
}
