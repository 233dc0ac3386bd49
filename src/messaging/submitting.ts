/**
 * THE MAIN FLOW from a network into DM3: what a user's client submits is checked, kept, and then carried to the receiver's relay
 * nodes by the outbox. Nobody here can read it, or could sign for its sender.
 */
import { normalNameOf } from "../accounts/wireName.js";
import { parseProxyEnvelope } from "../dm3/message/proxyEnvelope.js";
import { SignpostError } from "../errors.js";
import { domainOfSender } from "../relay/senderDomain.js";
import type { RefundingCounter } from "../relay/senderLimits.js";
import { type Carried, carriedMessage } from "../sending/carriedMessage.js";
import type { Lease, Outbox } from "../sending/outbox.js";
import type { OutgoingMessage } from "../sending/outgoingMessage.js";
import type { Place } from "../sending/work.js";
import { formatNativeAddress, type NativeAddress } from "./address/nativeAddress.js";
import { envelopeHash } from "./envelopeHash.js";
import type {
  EnvelopeHash,
  PassageBefore,
  Submission,
  SubmissionEnd,
  SubmissionKind,
} from "./network.js";
import type {
  AddedSubmission,
  FullShare,
  LinkStore,
  NewSubmission,
  OpenSubmission,
  SubmissionStore,
} from "./store.js";

export interface SubmittingParts {
  readonly links: Pick<LinkStore, "linkOf">;
  readonly submissions: SubmissionStore;
  /** In which `addSubmission` puts the messages. */
  readonly outbox: Pick<Outbox, "get" | "remove">;
  /** Of whoever works the outbox off; null where the message has to wait its turn. */
  readonly place: () => Place | null;
  /** There is something to send. */
  readonly wake: () => void;
  /** Counts what users submit, and not what was kept before. */
  readonly counter: RefundingCounter;
  /** Of an envelope for one relay node, in bytes. */
  readonly sizeLimit: number;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
  /** How long it is tried, in milliseconds. */
  readonly deadlineMs: number;
}

/** Metadata for each further relay node of the receiver. */
const MORE_NODES_BYTES = 64 * 1024;
/** A minute, of one user. Receipts for a full archive come together. */
export const MOST_SUBMISSIONS_A_MINUTE = 600;
const MINUTE_SEC = 60;

/**
 * The same again is kept once.
 * @returns null when it is kept; otherwise what was noted of its passage before, and nothing is kept
 * @throws NOT_LINKED, ENVELOPE_TOO_LARGE, ENVELOPE_MALFORMED, LIMIT_EXCEEDED for what is refused; DATABASE_UNAVAILABLE
 */
export async function acceptSubmission(
  parts: SubmittingParts,
  submission: Submission,
): Promise<PassageBefore | null> {
  const { from, to, hash, kind = "message", passage = null } = submission;
  const link = await parts.links.linkOf(from);
  if (link === null) throw notLinked(from);
  countOne(parts.counter, from, kind);
  const carried = readCarried(submission, parts.sizeLimit);
  const lifetimeMs = Math.min(submission.lifetimeMs ?? Infinity, parts.deadlineMs);
  const id = submissionId(from, hash);
  const message = carriedMessage({ id, from: link.name, to, carried }, parts.nowMs(), lifetimeMs);
  const bytes = submission.envelope.length;
  const given = { native: from, hash, receiver: to, bytes, kind, message, passage };
  const added = await addAtPlace(parts, given);
  switch (added.is) {
    case "full":
      throw tooMuchWaits(added.share, submission);
    case "noted":
      parts.counter.giveBack(bucketOf(from, kind), 1);
      return added;
    case "known":
      await addAnew(parts, given);
      return null;
    case "kept":
      return null;
  }
}

/** Where there is a place, it goes on from here, and nobody has to look into the outbox. */
async function addAtPlace(
  { submissions, place: placeNow, wake }: SubmittingParts,
  given: Omit<NewSubmission, "leaseMs">,
): Promise<AddedSubmission> {
  const place = placeNow();
  let lease: Lease | null = null;
  try {
    const added = await submissions.addSubmission({ ...given, leaseMs: place?.leaseMs ?? null });
    if (added.is === "kept" && added.fence !== null) {
      lease = { message: given.message, fence: added.fence };
    }
    if (added.is === "kept" && place === null) wake();
    return added;
  } finally {
    if (lease === null) place?.giveBack();
    else place?.begin(lease);
  }
}

/** The same once more: what could not be delivered is tried anew, because its sender wants it sent after all. */
async function addAnew(
  parts: SubmittingParts,
  given: Omit<NewSubmission, "leaseMs">,
): Promise<void> {
  const { outbox, submissions } = parts;
  const known = await outbox.get(given.message.id);
  if (known !== null && known.dueMs !== null) {
    parts.wake();
    return;
  }
  if (known !== null && hasArrived(known)) {
    await submissions.forgetSubmission(given.native, given.hash);
    return;
  }
  await outbox.remove(given.message.id);
  await addAtPlace(parts, { ...given, passage: null });
}

/** Its submission is forgotten when the outbox writes this down. */
export function hasArrived({ state }: Pick<OutgoingMessage, "state">): boolean {
  return state === "accepted" || state === "delivered";
}

/** What has to be told of an outgoing message, now that it changed; null where nothing has. */
export async function endedSubmission(
  { submissions }: Pick<SubmittingParts, "submissions">,
  { id, state, why }: OutgoingMessage,
): Promise<SubmissionEnd | null> {
  const known = submissionOfId(id);
  if (known === null) return null;
  const { native, hash } = known;
  if ((state !== "refused" && state !== "expired") || why === null) return null;
  const ended = await submissions.endSubmission(native, hash, why);
  return ended && { to: native, ...ended };
}

function readCarried({ to, envelope, hash }: Submission, sizeLimit: number): Carried {
  if (envelope.length > sizeLimit + MORE_NODES_BYTES) throw tooLarge(sizeLimit);
  if (envelopeHash(envelope) !== hash) {
    throw malformed("hash", "is not the SHA-256 of the envelope");
  }
  const { to: named, envelopes } = parseProxyEnvelope(envelope);
  if (normalNameOf(named) !== to) throw malformed("to", "is not the name behind the address");
  for (const each of envelopes) {
    if (JSON.stringify(each.envelope).length > sizeLimit) throw tooLarge(sizeLimit);
  }
  return { envelopes };
}

const bucketOf = (from: NativeAddress, kind: SubmissionKind) =>
  `${kind} submitted by ${formatNativeAddress(from)}`;

function countOne(counter: RefundingCounter, from: NativeAddress, kind: SubmissionKind): void {
  const bucket = bucketOf(from, kind);
  const retryAfterSec = counter.take(bucket, MOST_SUBMISSIONS_A_MINUTE, MINUTE_SEC, 1);
  if (retryAfterSec === null) return;
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    `That is more than ${MOST_SUBMISSIONS_A_MINUTE} messages a minute; send it again in ${retryAfterSec} seconds.`,
    { limit: MOST_SUBMISSIONS_A_MINUTE, retryAfterSec },
  );
}

/** Native addresses have no slash. */
export function submissionId(native: NativeAddress, hash: EnvelopeHash): string {
  return `${formatNativeAddress(native)}/${hash}`;
}

/** Null for an id that `submissionId` did not make. */
export function submissionOfId(id: string): OpenSubmission | null {
  const [, localPart, domain, hash] = /^([^/]+)@([^/@]+)\/([0-9a-f]{64})$/.exec(id) ?? [];
  if (localPart === undefined || domain === undefined || hash === undefined) return null;
  return { native: { localPart, domain }, hash };
}

function notLinked(from: NativeAddress): SignpostError {
  const address = formatNativeAddress(from);
  return new SignpostError(
    "NOT_LINKED",
    `${address} is not linked to a DM3 profile here. Link it, then send the message again.`,
    { address },
  );
}

function tooMuchWaits(full: FullShare, { from, to }: Submission): SignpostError {
  const whose: Readonly<Record<FullShare, string>> = {
    sender: `of ${formatNativeAddress(from)} `,
    "sender's domain": `of everybody of ${from.domain} `,
    receiver: `to ${to} `,
    "receiver's domain": `to ${domainOfSender(to)} `,
    answers: "that answer others ",
    all: "",
  };
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `Too many messages ${whose[full]}wait here, because the relay nodes of their receivers do not take them. Send it again later.`,
    {},
  );
}

function tooLarge(sizeLimit: number): SignpostError {
  return new SignpostError(
    "ENVELOPE_TOO_LARGE",
    `The envelope is longer than ${sizeLimit} bytes. Send attachments as references.`,
    { sizeLimit },
  );
}

function malformed(field: string, problem: string): SignpostError {
  return new SignpostError("ENVELOPE_MALFORMED", `The field ${field} of the envelope ${problem}.`, {
    field,
  });
}
