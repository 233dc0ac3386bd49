/**
 * THE MAIN FLOW of sending: one message goes as far as it gets now. Look the receiver up, sign and encrypt, and offer it to
 * the receiver's relay nodes in the order of the profile, until one accepts it.
 */
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type {
  FailedOutcome,
  FoundProfile,
  FoundRelayNode,
  ProfileOutcome,
} from "../lookup/outcome.js";
import {
  type NodeEnvelope,
  type NodeState,
  type OutgoingMessage,
  raised,
  type SealedMessage,
  type WhyNot,
} from "./outgoingMessage.js";
import { type NoAnswer, type Patience, pauseMs, stateAfter } from "./patience.js";
import type { RelayNodeAccess } from "./relayNodeAccess.js";
import { envelopeForNode, fits, sealFor, underOtherName } from "./sealedMessage.js";
import { settled } from "./settled.js";
import type { SubmitAnswer } from "./submitAnswer.js";
import { submitEnvelope } from "./submitEnvelope.js";

export interface SendingParts {
  /**
   * The receiver with all of its relay nodes, as `resolveProfile` finds them.
   * @param age "now" where a remembered answer is of no use
   */
  readonly profileOf: (name: string, age: "remembered" | "now") => Promise<ProfileOutcome>;
  /** The keys of a sender, as its profile shows them now. */
  readonly keysOf: (name: string) => Awaitable<MessageKeys>;
  readonly submit: RelayNodeAccess;
  readonly patience: Patience;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Whether somebody without a profile is waited for: only where the message lies on the sender's own device. */
  readonly mayHold: boolean;
}

/** What decides how long a message waits for its receiver. */
type WaitingParts = Pick<SendingParts, "patience" | "nowMs" | "chance" | "mayHold">;

/**
 * Keeps what a message has become, before anything more is done with it.
 * @throws what ends the work on it, such as a lease that somebody else has now
 */
export type Keep = (message: OutgoingMessage) => Promise<void>;

/** The message afterwards, with the next time at which there is something to do. */
export type Advance = (
  parts: SendingParts,
  message: OutgoingMessage,
  keep: Keep,
) => Promise<OutgoingMessage>;

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

/** One message on its way along the relay nodes. */
class Offer {
  constructor(
    private readonly parts: SendingParts,
    private readonly keys: MessageKeys,
    private readonly keep: Keep,
    public message: OutgoingMessage,
  ) {}

  /** Notes what came of it. */
  async to(
    node: FoundProfile["relayNodes"][number],
  ): Promise<"accepted" | "sign-again" | "went on"> {
    const before = this.message.nodes[node.name];
    if (before?.status === "refused") return "went on";
    if (before !== undefined && before.nextMs > this.parts.nowMs()) return "went on";
    const { sealed } = this.message;
    if (node.status !== "found" || sealed === null) {
      const isUnknown = node.status === "unreachable" || node.status === "found";
      const reason = isUnknown ? "unreachable" : "no-relay-node";
      this.#note(node.name, isUnknown ? "unreachable" : "later", {
        ...{ reason, sentence: node.sentence },
      });
      return "went on";
    }
    const answer = await this.#submit(node, sealed);
    switch (answer.kind) {
      case "accepted":
        this.message = { ...this.message, acceptedBy: node.name };
        return "accepted";
      case "sign-again":
        if (!this.message.signedAgain) return "sign-again";
        this.#note(node.name, answer.otherwise, answer);
        return "went on";
      case "other-hash-field":
        this.#note(node.name, "refused", {
          reason: "malformed",
          sentence: "The relay node takes the envelope under neither name of its hash.",
        });
        return "went on";
      case "refused":
      case "later":
      case "unreachable":
        this.#note(node.name, answer.kind, answer);
        return "went on";
    }
  }

  outcome(answer: "accepted" | "sign-again"): OutgoingMessage | "sign-again" {
    return answer === "accepted" ? raised(this.message, "accepted") : answer;
  }

  async #submit(node: FoundRelayNode, sealed: SealedMessage): Promise<SubmitAnswer> {
    const { url } = node.profile;
    const kept = sealed.envelopes[node.name];
    let own = kept;
    if (own?.nodeKey !== node.profile.publicEncryptionKey) {
      own = await envelopeForNode(this.message, sealed, this.keys, node);
      await this.#keepEnvelope(sealed, node.name, own);
    }
    const answer = await submitEnvelope(url, own.envelope, this.parts.submit);
    if (answer.kind !== "other-hash-field" || own.hashField !== "messageHash") return answer;
    const other = await underOtherName(own, sealed, this.keys);
    await this.#keepEnvelope(sealed, node.name, other);
    return submitEnvelope(url, other.envelope, this.parts.submit);
  }

  async #keepEnvelope(sealed: SealedMessage, name: string, own: NodeEnvelope): Promise<void> {
    const envelopes = { ...(this.message.sealed ?? sealed).envelopes, [name]: own };
    this.message = { ...this.message, sealed: { ...sealed, envelopes } };
    await this.keep(this.message);
  }

  #note(name: string, status: NodeState["status"], why: Omit<NoAnswer, "status">): void {
    const { parts, message } = this;
    const state = stateAfter(message.nodes[name], { ...why, status }, parts);
    this.message = { ...message, nodes: { ...message.nodes, [name]: state } };
  }
}

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
