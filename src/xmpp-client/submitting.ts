/**
 * THE MAIN FLOW of sending: one message goes as far as it gets now. Look the receiver up, seal for all of the receiver's relay nodes,
 * and submit the same bytes to the gateway until it accepts or refuses them.
 */
import { encodeBase64 } from "../dm3/base64.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { ProxyEnvelope } from "../dm3/message/proxyEnvelope.js";
import { resolvableNormalName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";
import type { FoundProfile } from "../lookup/outcome.js";
import { asciiJson } from "../messaging/asciiJson.js";
import { envelopeHash } from "../messaging/envelopeHash.js";
import {
  type Advance,
  type SendingParts,
  withoutAnswer,
  withoutReceiver,
  withoutRelayNode,
} from "../sending/advance.js";
import {
  type NodeState,
  type OutgoingMessage,
  raised,
  type Reason,
  type SealedMessage,
  type WhyNot,
} from "../sending/outgoingMessage.js";
import { stateAfter } from "../sending/patience.js";
import { fits, sealFor } from "../sending/sealedMessage.js";
import { settled } from "../sending/settled.js";
import type { Answers, SubmissionAnswer } from "./answers.js";
import { jidOfName, type Jids } from "./jid.js";
import { submitId, submitStanza } from "./stanzas.js";
import type { Submissions } from "./submissions.js";
import type { XmlElement } from "./xmlElement.js";

export interface SubmittingParts {
  readonly jids: Jids;
  readonly submissions: Submissions;
  readonly answers: Answers;
  /** Rejects with UNREACHABLE. */
  readonly send: (stanza: XmlElement) => Promise<void>;
  /** Null while messages cannot be submitted: offline, or not linked. */
  readonly gateway: () => { readonly relayNode: string; readonly sizeLimit: number } | null;
  /** The gateway does not know the account (any more). */
  readonly linkAgain: () => void;
}

export function throughGateway(parts: SubmittingParts): Advance {
  return async (sending, message, keep) => {
    const gateway = parts.gateway();
    if (gateway === null) return untilOpen(sending, message);
    const keys = await sending.keysOf(message.from);
    const found = await sealedMessage(sending, message, keys);
    const { sealed } = found;
    if (sealed === null) return found;
    if (found !== message) await keep(found);
    const envelope = asciiJson(JSON.stringify(proxyEnvelope(found, sealed)));
    if (envelope.length > gateway.sizeLimit) return raised(found, "refused", TOO_LARGE);
    const hash = envelopeHash(envelope);
    const address = jidOfName(resolvableNormalName(found.to), parts.jids);
    const { id, given, deliveryInstruction } = found;
    await parts.submissions.keep({
      ...{ id, hash, address, given, deliveryInstruction },
      atMs: sending.nowMs(),
    });
    const answer = await submitted(parts, address, hash, envelope);
    if (answer.kind === "accepted") {
      return raised({ ...found, acceptedBy: gateway.relayNode }, "accepted");
    }
    if (answer.kind === "error" && answer.code === "NOT_LINKED") parts.linkAgain();
    return noted(sending, found, parts.jids.gateway, answer);
  };
}

/** It waits at the outbox, which is looked into as soon as the way is open. */
function untilOpen({ nowMs, patience }: SendingParts, message: OutgoingMessage): OutgoingMessage {
  if (nowMs() >= message.deadlineMs) return raised(message, "expired", NOT_OPEN);
  const dueMs = Math.min(nowMs() + patience.unreachableMostMs, message.deadlineMs);
  return { ...message, why: NOT_OPEN, dueMs };
}

/** The message as it is to be submitted; without a sealed one where that cannot be now. What was sealed stays the same bytes. */
async function sealedMessage(
  sending: SendingParts,
  message: OutgoingMessage,
  keys: MessageKeys,
): Promise<OutgoingMessage> {
  const receiver = await sending.profileOf(message.to, "now");
  const { sealed } = message;
  if (sealed !== null && sealed.senderKey === encodeBase64(keys.signingKey.publicKey)) {
    // a receiver who cannot be looked up now has the keys of before
    if (receiver.status !== "found" || fits(sealed, keys, receiver)) return message;
  }
  const open = { ...message, sealed: null };
  if (receiver.status !== "found") return withoutReceiver(sending, open, receiver);
  if (receiver.relayNodes.length === 0) return withoutRelayNode(sending, open);
  const fresh = await sealFor(open, keys, receiver);
  if (fresh === null) return withoutAnswer(sending, open, whyNoNode(receiver));
  const { deadlineMs } = sending.patience;
  return {
    ...open,
    ...{ failedLookups: 0, mark: null, sealed: fresh, messageHash: fresh.messageHash },
    deadlineMs: message.mark === "held" ? sending.nowMs() + deadlineMs : message.deadlineMs,
  };
}

function whyNoNode({ relayNodes }: FoundProfile): WhyNot {
  const missing = relayNodes.find((node) => node.status !== "found");
  const reason = missing?.status === "unreachable" ? "unreachable" : "no-relay-node";
  return { reason, sentence: missing?.sentence ?? "The receiver's relay nodes are not known now." };
}

async function submitted(
  { answers, send }: SubmittingParts,
  address: string,
  hash: string,
  envelope: string,
): Promise<SubmissionAnswer> {
  try {
    return await answers.after(submitId(hash), address, () =>
      send(submitStanza(address, hash, envelope)),
    );
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE")) throw error;
    return { kind: "none", sentence: error.message };
  }
}

/** The gateway stands where the receiver's relay nodes stand otherwise: on the same clocks. */
function noted(
  sending: SendingParts,
  message: OutgoingMessage,
  gateway: string,
  answer: Exclude<SubmissionAnswer, { kind: "accepted" }>,
): OutgoingMessage {
  const [status, reason] = meaningOf(answer);
  const no = { status, reason, sentence: answer.sentence };
  const state = stateAfter(message.nodes[gateway], no, sending);
  const nodes = { ...message.nodes, [gateway]: state };
  return settled({ ...message, nodes }, [gateway], sending.nowMs());
}

type Meaning = readonly [NodeState["status"], Reason];

const TRY_AGAIN: Meaning = ["unreachable", "unreachable"];

/** What the gateway itself says no with (docs/xmpp-wire.md). */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  NOT_FOUND: ["refused", "no-profile"],
  ENVELOPE_MALFORMED: ["refused", "malformed"],
  LIMIT_EXCEEDED: ["later", "limit"],
};

/** Every error that the gateway did not name means "try again": servers answer in its place while it is away. */
function meaningOf(answer: Exclude<SubmissionAnswer, { kind: "accepted" }>): Meaning {
  if (answer.kind !== "error" || answer.code === null) return TRY_AGAIN;
  const { code, condition } = answer;
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? TRY_AGAIN;
  return condition === "policy-violation" ? ["refused", "too-large"] : TRY_AGAIN;
}

export const NOT_OPEN: WhyNot = {
  reason: "unreachable",
  sentence: "There is no connection to the gateway now. It is sent as soon as there is one.",
};

const TOO_LARGE: WhyNot = {
  reason: "too-large",
  sentence: "The message is larger than the gateway takes. Send large attachments as references.",
};

function proxyEnvelope(
  { to }: OutgoingMessage,
  { encrypted, envelopes }: SealedMessage,
): ProxyEnvelope {
  return {
    ...{ to, encryptedMessage: encrypted },
    encryptionEnvelops: Object.entries(envelopes).map(([name, { envelope }]) => ({
      deliveryServiceEnsName: name,
      encryptionEnvelop: { metadata: envelope.metadata },
    })),
  };
}
