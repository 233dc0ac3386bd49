/**
 * THE MAIN FLOW of carrying: a message that its sender signed and encrypted goes as far as it gets now. Look the receiver up,
 * and offer each of its relay nodes, in the order of the profile, the envelope that the sender made for it, until one accepts.
 */
import type { FoundProfile } from "../lookup/outcome.js";
import { type NodeState, type OutgoingMessage, raised, type WhyNot } from "./outgoingMessage.js";
import { type NoAnswer, stateAfter } from "./patience.js";
import type { SendingParts } from "./sendingParts.js";
import { settled } from "./settled.js";
import { submitEnvelope } from "./submitEnvelope.js";
import { withoutReceiver, withoutRelayNode } from "./withoutReceiver.js";

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
  const answer = await answerOf(parts, message, node);
  return answer === "accepted" ? answer : stateAfter(message.nodes[node.name], answer, parts);
}

async function answerOf(
  { submit }: CarryParts,
  { sealed }: OutgoingMessage,
  node: RelayNode,
): Promise<NoAnswer | "accepted"> {
  if (node.status !== "found") {
    const { sentence } = node;
    return node.status === "unreachable"
      ? { status: "unreachable", reason: "unreachable", sentence }
      : { status: "later", reason: "no-relay-node", sentence };
  }
  const own = sealed?.envelopes[node.name];
  if (own === undefined) return { status: "refused", ...notForThisNode(node.name) };
  const answer = await submitEnvelope(node.profile.url, own.envelope, submit);
  switch (answer.kind) {
    case "accepted":
      return "accepted";
    // only the sender can sign it
    case "other-hash-field":
      return { status: "refused", reason: "wrong-key", sentence: OTHER_NAME };
    case "sign-again":
      return { status: "refused", reason: "wrong-key", sentence: answer.sentence };
    case "refused":
    case "later":
    case "unreachable":
      return { ...answer, status: answer.kind };
  }
}

const OTHER_NAME =
  "The relay node takes the hash of the message under its other name only. Sign the envelope again with that.";

function notForThisNode(name: string): WhyNot {
  return {
    reason: "wrong-key",
    sentence: `The message has no envelope for the relay node ${name}, which the receiver's profile names now. Encrypt it again.`,
  };
}
