/** What becomes of a message when it is not known where it goes: nobody there, no relay node, or no answer. */
import type { FailedOutcome } from "../lookup/outcome.js";
import { type OutgoingMessage, raised, type WhyNot } from "./outgoingMessage.js";
import { pauseMs } from "./patience.js";
import type { SendingParts } from "./sendingParts.js";

export function withoutReceiver(
  parts: SendingParts,
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
  parts: SendingParts,
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

export function withoutRelayNode(parts: SendingParts, message: OutgoingMessage): OutgoingMessage {
  const sentence = `The profile of ${message.to} names no relay node, so nothing can be sent there.`;
  return heldOrRefused(parts, message, { reason: "no-relay-node", sentence });
}

/** On the sender's own device it waits for as long as it takes; elsewhere it would lie there in plain text. */
function heldOrRefused(
  parts: SendingParts,
  message: OutgoingMessage,
  why: WhyNot,
): OutgoingMessage {
  if (!parts.mayHold) return raised(message, "refused", why);
  return { ...message, mark: "held", why, dueMs: parts.nowMs() + parts.patience.heldMs };
}
