/** One message is offered to relay nodes, one after another: which take it, and why the others do not. */
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { FoundProfile, FoundRelayNode } from "../lookup/outcome.js";
import {
  type NodeEnvelope,
  type NodeState,
  type OutgoingMessage,
  raised,
  type SealedMessage,
} from "./outgoingMessage.js";
import { type NoAnswer, stateAfter } from "./patience.js";
import { envelopeForNode, underOtherName } from "./sealedMessage.js";
import type { Keep, SendingParts } from "./sendingParts.js";
import type { SubmitAnswer } from "./submitAnswer.js";
import { submitEnvelope } from "./submitEnvelope.js";

/** One message on its way along the relay nodes. */
export class Offer {
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
