/** THE MAIN FLOW of the relay node: from a submitted envelope to "accepted". */
import { digestFrom } from "../abi/digest.js";
import { fromHex, toHex } from "../abi/hex.js";
import { sha256OfText } from "../abi/sha256.js";
import type { RememberingDirectory } from "../accounts/directory.js";
import { parseSubmittedEnvelope, type SubmittedEnvelope } from "../dm3/message/envelope.js";
import { makePostmark } from "../dm3/message/postmark.js";
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { assertWanted, type WalletFacts } from "./filters.js";
import { type NodeKeys, openByAny } from "./nodeKeys.js";
import { findReceiver, noAccount, verifySender } from "./participants.js";
import type { SenderLimits } from "./senderLimits.js";
import { servedEnvelope } from "./servedEnvelope.js";
import type { Kept, MailboxStore, RelayAccountStore } from "./store.js";

export interface SubmitParts {
  /** This node's own. */
  readonly keys: NodeKeys;
  readonly directory: RememberingDirectory;
  readonly accounts: Pick<RelayAccountStore, "accountOf">;
  readonly mailboxes: Pick<MailboxStore, "keep">;
  readonly wallets: WalletFacts;
  readonly limits: SenderLimits;
  /** Of an envelope, in bytes. */
  readonly sizeLimit: number;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
}

export interface Accepted {
  readonly receiver: Address;
  /** Null where the same was accepted before. */
  readonly number: number | null;
  /** What is kept now; null as above. */
  readonly message: AcceptedMessage | null;
}

/** A message as it stands in the mailbox. */
export interface AcceptedMessage {
  readonly number: number;
  /** The highest number that was given in this mailbox before; 0: none was. */
  readonly after: number;
  readonly senderName: NormalName;
  /** As it is served: JSON. */
  readonly envelope: string;
}

/**
 * Accepts the envelope, which a crash after the answer does not lose; the same envelope again is accepted again, and kept
 * once.
 *
 * @param given the envelope as JSON text, or as what that was parsed to
 * @throws ENVELOPE_TOO_LARGE, ENVELOPE_MALFORMED, NOT_FOR_THIS_KEY, DELIVERY_INFORMATION_MALFORMED, NO_ACCOUNT,
 *   UNKNOWN_SENDER, WRONG_METADATA_SIGNATURE, UNWANTED, LIMIT_EXCEEDED and MAILBOX_FULL for what is refused; UNREACHABLE
 *   and DATABASE_UNAVAILABLE for what may be sent again as it is
 */
export async function submit(parts: SubmitParts, given: unknown): Promise<Accepted> {
  const { keys, mailboxes, wallets, limits } = parts;
  const envelope = readEnvelope(given, parts.sizeLimit);
  const information = await openByAny(keys, envelope.metadata.deliveryInformation);
  // side by side, and the receiver's fault is told first
  const verified = verifySender(parts, keys.current().engine, envelope, information);
  verified.catch(() => undefined);
  const { account, profile } = await findReceiver(parts, information);
  const sender = await verified;

  const receiver = toHex(account.address);
  // first, because a receiver's filters may ask the chain of each new wallet
  limits.count({ sender: sender.name, domain: sender.domain, receiver });
  await assertWanted(account.filters, sender, wallets);

  const delivered = { ...information, from: sender.name };
  const postmark = await makePostmark(
    keys.current(),
    profile.publicEncryptionKey,
    envelope.message,
    {
      incomingTimestampMs: parts.nowMs(),
    },
  );
  const served = servedEnvelope(envelope, delivered, postmark);
  const kept = await mailboxes.keep({
    account: account.address,
    sender: sender.address,
    senderName: sender.name,
    senderDomain: sender.domain,
    claimedHash: digestFrom(fromHex(envelope.claimedHash.value)),
    bodyHash: sha256OfText(envelope.message),
    envelope: served,
  });
  const numbers = numbersOf(kept, information.to);
  const message = numbers && { ...numbers, senderName: sender.name, envelope: served };
  return { receiver: account.address, number: message?.number ?? null, message };
}

/** Throws MAILBOX_FULL, and NO_ACCOUNT for an account that has just gone. */
function numbersOf(kept: Kept, to: string): Pick<AcceptedMessage, "number" | "after"> | null {
  switch (kept.kind) {
    case "kept":
      return { number: kept.number, after: kept.after };
    case "known":
      return null;
    case "no-account":
      throw noAccount(to);
    case "full":
      throw new SignpostError("MAILBOX_FULL", FULL[kept.of], { of: kept.of });
  }
}

const FULL: Readonly<Record<Extract<Kept, { kind: "full" }>["of"], string>> = {
  mailbox: "The receiver's mailbox is full. Send it again when the receiver has fetched messages.",
  sender:
    "The receiver has not fetched so many of this sender's messages that no more are kept. Send it again later.",
  domain:
    "The receiver has not fetched so many messages from this sender's domain that no more are kept. Send it again later.",
  copies: "Other envelopes with the same hash were sent before. Send the message once.",
};

/**
 * Text is measured before it is parsed. An object is read first: until its form is known it may nest so deep that
 * `JSON.stringify` fails.
 */
function readEnvelope(given: unknown, sizeLimit: number): SubmittedEnvelope {
  if (typeof given === "string") assertSize(given, sizeLimit);
  const envelope = parseSubmittedEnvelope(given);
  if (typeof given !== "string") assertSize(JSON.stringify(given), sizeLimit);
  return envelope;
}

/** Bytes are counted only where characters, of three bytes at the most, leave it open. */
function assertSize(text: string, sizeLimit: number): void {
  if (text.length * 3 <= sizeLimit) return;
  if (text.length <= sizeLimit && new TextEncoder().encode(text).length <= sizeLimit) return;
  throw new SignpostError(
    "ENVELOPE_TOO_LARGE",
    `The envelope is longer than ${sizeLimit} bytes, which is all that this relay node takes. Send large attachments another way.`,
    { sizeLimit },
  );
}
