/**
 * THE MAIN FLOW of sending: one message goes as far as it gets now. Look the receiver up, seal for all of the receiver's relay nodes,
 * and submit the same bytes to the gateway until it accepts or refuses them.
 */
import { resolvableNormalName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";
import { asciiJson } from "../messaging/asciiJson.js";
import { envelopeHash } from "../messaging/envelopeHash.js";
import { type OutgoingMessage, raised } from "../sending/outgoingMessage.js";
import type { Advance, SendingParts } from "../sending/sendingParts.js";
import type { Answers, SubmissionAnswer } from "./answers.js";
import { jidOfName, type Jids } from "./jid.js";
import { noted } from "./refusedSubmission.js";
import { proxyEnvelope, sealedMessage } from "./sealing.js";
import { submitId, submitStanza } from "./stanzas.js";
import type { Submissions } from "./submissions.js";
import { NOT_OPEN, TOO_LARGE } from "./whyNot.js";
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
