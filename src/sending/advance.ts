/**
 * THE MAIN FLOW of sending: one message goes as far as it gets now. Look the receiver up, sign and encrypt, and offer it to
 * the receiver's relay nodes in the order of the profile, until one accepts it.
 */
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { FoundProfile } from "../lookup/outcome.js";
import { Offer } from "./offer.js";
import type { OutgoingMessage } from "./outgoingMessage.js";
import { fits, sealFor } from "./sealedMessage.js";
import type { Keep, SendingParts } from "./sendingParts.js";
import { settled } from "./settled.js";
import { withoutReceiver, withoutRelayNode } from "./withoutReceiver.js";

export async function advance(
  parts: SendingParts,
  message: OutgoingMessage,
  keep: Keep,
): Promise<OutgoingMessage> {
  const first = await offered(parts, message, "remembered", keep);
  if (first !== "sign-again") return first;
  const signedAgain: OutgoingMessage = { ...message, sealed: null, signedAgain: true };
  await keep(signedAgain);
  const second = await offered(parts, signedAgain, "now", keep);
  if (second === "sign-again") throw new TypeError("A message is signed again once.");
  return second;
}

async function offered(
  parts: SendingParts,
  message: OutgoingMessage,
  age: "remembered" | "now",
  keep: Keep,
): Promise<OutgoingMessage | "sign-again"> {
  const receiver = await parts.profileOf(message.to, age);
  if (receiver.status !== "found") return withoutReceiver(parts, message, receiver);
  if (receiver.relayNodes.length === 0) return withoutRelayNode(parts, message);
  const keys = await parts.keysOf(message.from);
  const sealed = await sealedMessage(parts, message, keys, receiver);
  const work = new Offer(parts, keys, keep, sealed);
  if (sealed !== message) await keep(sealed);
  for (const node of receiver.relayNodes) {
    const answer = await work.to(node);
    if (answer === "accepted" || answer === "sign-again") return work.outcome(answer);
  }
  return settled(
    work.message,
    receiver.relayNodes.map(({ name }) => name),
    parts.nowMs(),
  );
}

/** With a signature and ciphertext that fit the keys of now; those that fit stay the same bytes. */
async function sealedMessage(
  parts: SendingParts,
  message: OutgoingMessage,
  keys: MessageKeys,
  receiver: FoundProfile,
): Promise<OutgoingMessage> {
  const found = { ...message, failedLookups: 0, mark: null };
  const started =
    message.mark === "held"
      ? { ...found, deadlineMs: parts.nowMs() + parts.patience.deadlineMs }
      : found;
  if (message.sealed !== null && fits(message.sealed, keys, receiver)) {
    return message.mark === null && message.failedLookups === 0 ? message : started;
  }
  const sealed = await sealFor(message, keys, receiver);
  return { ...started, sealed, messageHash: sealed?.messageHash ?? message.messageHash };
}
