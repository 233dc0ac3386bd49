/**
 * By what mails refer to one another, and DM3 messages to mails. A mail's Message-ID is made before it is encrypted, and the hash
 * of the DM3 message that carries it only afterwards, so neither can be computed from the other: both clients keep the pair, the
 * sender's when it has sent and the receiver's when it has read.
 */
import { encodeBits } from "../../dm3/bitText.js";
import { SignpostError } from "../../errors.js";
import type { MessageId } from "./content/mailContent.js";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const FEWEST_BYTES = 16;
const LONGEST = 500;
const FORM = /^<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>$/;
/** A domain alone behind the "@": who sent it is nobody's business on the way. */
const DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * @param random at least 16 bytes, never used before
 * @param domain of the sender's address
 */
export function newMessageId(random: Uint8Array, domain: string): MessageId {
  if (random.length < FEWEST_BYTES || !DOMAIN.test(domain)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `A Message-ID needs ${FEWEST_BYTES} random bytes or more, and the domain of the sender's address.`,
    );
  }
  return `<${encodeBits(random, BASE32)}@${domain}>`;
}

export function isMessageId(text: string): text is MessageId {
  return text.length <= LONGEST && FORM.test(text);
}

/** All in a header field, in their order; what is none is left out. Brackets may be around each, or around all. */
export function messageIdsIn(value: string): readonly MessageId[] {
  return value
    .split(/[\s<>]+/)
    .map((text) => `<${text}>`)
    .filter(isMessageId);
}
