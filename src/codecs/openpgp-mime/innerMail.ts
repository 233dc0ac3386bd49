/** The header inside of the encryption, which names the sender, and how it fits to the one outside. */
import { SignpostError } from "../../errors.js";
import { formatNativeAddress, parseNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { MessageId } from "./content/mailContent.js";
import { type AutocryptKey, readAutocrypt } from "./keys/autocrypt.js";
import { loadPostalMime } from "./libraries.js";
import { type MailPart, partOfMessage } from "./mailPart.js";
import { messageIdsIn } from "./messageId.js";
import { malformed, onlyField, type ReadField } from "./mime/headerBlock.js";

const MOST_GOSSIP = 20;

export interface InnerHeader {
  /** In lower case. */
  readonly from: string;
  readonly fromName: string | null;
  /** Empty where the sender does not say it. */
  readonly to: readonly string[];
  /** Null where nobody says it. */
  readonly dateMs: number | null;
  /** By which other mails refer to the message. The one inside counts; the one outside where there is none inside. */
  readonly messageId: MessageId | null;
  readonly part: MailPart;
  /** Of a conversation of several people, in mail messengers; an answer goes to its sender alone. */
  readonly group: { readonly id: string; readonly name: string } | null;
  readonly inReplyTo: MessageId | null;
  readonly offered: AutocryptKey | null;
  /** Certificates of other receivers, which the sender hands on (Autocrypt-Gossip). */
  readonly gossip: readonly AutocryptKey[];
}

/** @throws MAIL_MALFORMED, MAIL_SENDER_MISMATCH */
export async function innerHeader(
  inside: readonly ReadField[],
  outside: readonly ReadField[],
): Promise<InnerHeader> {
  const outer = await mailboxIn(onlyField(outside, "from"));
  const inner = await mailboxIn(onlyField(inside, "from"));
  const from = inner ?? outer;
  if (from === null) throw malformed("from", "is missing");
  if (outer !== null && outer.address !== from.address) {
    throw new SignpostError(
      "MAIL_SENDER_MISMATCH",
      `The mail is from ${from.address} inside, and from ${outer.address} outside. Do not show it.`,
      { inside: from.address, outside: outer.address },
    );
  }
  // of the unprotected header: Thunderbird writes it there alone
  const autocrypt = onlyField(inside, "autocrypt") ?? fieldOf(outside, "autocrypt");
  const { part, messageId: ofWhole } = partOfMessage(inside);
  const id = onlyField(inside, "message-id") ?? fieldOf(outside, "message-id");
  return {
    ...{ from: from.address, fromName: from.name },
    to: await addressesIn(inside),
    dateMs: timeIn(onlyField(inside, "date") ?? fieldOf(outside, "date")),
    ...{ part, messageId: ofWhole ?? messageIdsIn(id ?? "")[0] ?? null },
    inReplyTo:
      messageIdsIn(onlyField(inside, "in-reply-to") ?? fieldOf(outside, "in-reply-to") ?? "")[0] ??
      null,
    group: await groupIn(inside),
    offered: autocrypt === null ? null : readAutocrypt(autocrypt),
    gossip: gossipIn(inside),
  };
}

async function groupIn(fields: readonly ReadField[]): Promise<InnerHeader["group"]> {
  const id = onlyField(fields, "chat-group-id");
  if (id === null) return null;
  const { decodeWords } = await loadPostalMime();
  return { id, name: decodeWords(onlyField(fields, "chat-group-name") ?? "") };
}

function fieldOf(fields: readonly ReadField[], name: string): string | null {
  const found = fields.filter((field) => field.name === name);
  return found.length === 1 ? (found[0]?.value ?? null) : null;
}

/** Null where there is no such field. @throws MAIL_MALFORMED for anything but one mailbox */
async function mailboxIn(value: string | null) {
  if (value === null) return null;
  const { addressParser } = await loadPostalMime();
  const [first, ...others] = addressParser(value);
  if (first?.address === undefined || others.length > 0)
    throw malformed("from", "is not one address");
  try {
    const address = formatNativeAddress(parseNativeAddress(first.address, "mail"));
    return { address, name: first.name === "" ? null : first.name };
  } catch (cause) {
    throw malformed("from", "is no address in ASCII", cause);
  }
}

/** Of To and Cc; groups and what cannot be read are left out. */
async function addressesIn(fields: readonly ReadField[]): Promise<readonly string[]> {
  const { addressParser } = await loadPostalMime();
  const values = fields.filter(({ name }) => name === "to" || name === "cc");
  const found = values.flatMap(({ value }) => addressParser(value, { flatten: true }));
  return found.flatMap(({ address = "" }) => (address === "" ? [] : [address.toLowerCase()]));
}

function timeIn(value: string | null): number | null {
  const time = Date.parse(value ?? "");
  return Number.isNaN(time) || time < 0 ? null : time;
}

function gossipIn(fields: readonly ReadField[]): readonly AutocryptKey[] {
  return fields
    .filter(({ name }) => name === "autocrypt-gossip")
    .slice(0, MOST_GOSSIP)
    .map(({ value }) => readAutocrypt(value))
    .filter((key) => key !== null);
}
