/** What becomes of a message whose receiver, or whose receiver's relay node, was not found. */
import type { FailedOutcome } from "../lookup/outcome.js";
import { type OutgoingMessage, raised, type WhyNot } from "./outgoingMessage.js";
import { pauseMs } from "./patience.js";
import type { SendingParts } from "./sendingParts.js";

/** What decides how long a message waits for its receiver. */
type WaitingParts = Pick<SendingParts, "patience" | "nowMs" | "chance" | "mayHold">;

/** The message after a lookup that did not find its receiver. */
export function withoutReceiver(
  parts: WaitingParts,
  message: OutgoingMessage,
  outcome: FailedOutcome,
): OutgoingMessage {
  const { sentence } = outcome;
  if (outcome.status === "absent") {
    return heldOrRefused(parts, message, { reason: "no-profile", sentence });
  }
  const reason = outcome.status === "untrusted" ? "untrusted-profile" : "unreachable";
  return withoutAnswer(parts, message, { reason, sentence });
}

/** The message after it could not be found out where it goes; it is tried again, until its deadline. */
export function withoutAnswer(
  parts: Omit<WaitingParts, "mayHold">,
  message: OutgoingMessage,
  why: WhyNot,
): OutgoingMessage {
  const nowMs = parts.nowMs();
  if (nowMs >= message.deadlineMs) return raised(message, "expired", why);
  const failedLookups = message.failedLookups + 1;
  const { unreachableFirstMs: firstMs, unreachableMostMs: mostMs } = parts.patience;
  const nextMs = nowMs + pauseMs(failedLookups, { firstMs, mostMs }, parts.chance());
  return { ...message, failedLookups, why, dueMs: Math.min(nextMs, message.deadlineMs) };
}

/** The message after a lookup that found a receiver without relay nodes. */
export function withoutRelayNode(parts: WaitingParts, message: OutgoingMessage): OutgoingMessage {
  const sentence = `The profile of ${message.to} names no relay node, so nothing can be sent there.`;
  return heldOrRefused(parts, message, { reason: "no-relay-node", sentence });
}

/** On the sender's own device it waits for as long as it takes; elsewhere it would lie there in plain text. */
function heldOrRefused(
  parts: WaitingParts,
  message: OutgoingMessage,
  why: WhyNot,
): OutgoingMessage {
  if (!parts.mayHold) return raised(message, "refused", why);
  return { ...message, mark: "held", why, dueMs: parts.nowMs() + parts.patience.heldMs };
}
