/**
 * A reference to a blob, as it stands in an attachment's `data`: where the sealed bytes are, and what opens them.
 *
 *   https://relay.example.com/ds/blobs/3f…#blob=1&key=9a…&sha256=3f…&size=48213&type=image%2Fpng
 *
 * The rest behind `#` stays with the client when a URL is fetched, so the store never sees the key. A client that does not
 * know the form shows a link to ciphertext. Each reference has one text: parts in this order, hex in lower case.
 */
import { digestFrom } from "../../abi/digest.js";
import { fromHex, toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import { secureUrlProblem } from "../profile/secureUrl.js";
import type { BlobErrors } from "./errorCodes.js";
import { BLOB_FORMAT, type BlobSeal, LARGEST_BLOB } from "./sealedBlob.js";

export interface BlobReference extends BlobSeal {
  /** Absolute, https (http on loopback hosts), without a fragment. */
  readonly url: string;
  /** As the sender has it: "image/png", "text/plain;charset=utf-8". */
  readonly mediaType: string;
}

const REFERENCE = /^([^#]*)#blob=(\d{1,3})&(.*)$/s;
const PARTS = /^key=([0-9a-f]{64})&sha256=([0-9a-f]{64})&size=(\d{1,12})&type=([\w.!~*'()%-]+)$/;
/** RFC 6838, section 4.2, with parameters in the same characters. */
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*(?:;[\w-]+=[\w.+-]+)*$/i;
const LONGEST_MEDIA_TYPE = 127;
const LONGEST = 2_048 + 1_024;

export function isMediaType(text: string): boolean {
  return text.length <= LONGEST_MEDIA_TYPE && MEDIA_TYPE.test(text);
}

/** Whether the text means to be a reference; `parseBlobReference` says whether it is one. */
export function isBlobReference(text: string): boolean {
  return REFERENCE.test(text.slice(0, LONGEST));
}

/** @throws BLOB_REFERENCE_MALFORMED for what could not be read again */
export function blobReferenceText(reference: BlobReference): string {
  const text = textOf(reference);
  parseBlobReference(text);
  return text;
}

/** @throws BLOB_REFERENCE_MALFORMED naming the first part that breaks a rule */
export function parseBlobReference(text: string): BlobReference {
  const [, url = "", format, rest = ""] =
    (text.length <= LONGEST ? REFERENCE.exec(text) : null) ?? [];
  if (format === undefined) throw malformed("it has another form");
  if (format !== String(BLOB_FORMAT)) {
    throw malformed("this version does not know its format", "format");
  }
  const problem = secureUrlProblem(url);
  if (problem !== null) throw malformed(`its URL ${problem}`, "url");
  const [, key, hash, sizeText = "", typeText = ""] = PARTS.exec(rest) ?? [];
  if (key === undefined || hash === undefined) throw malformed("it has another form");
  const size = Number(sizeText);
  if (size > LARGEST_BLOB) throw malformed(`it means more than ${LARGEST_BLOB} bytes`, "size");
  const mediaType = decoded(typeText);
  if (mediaType === null || !isMediaType(mediaType)) {
    throw malformed("its media type is none", "type");
  }
  const sha256 = digestFrom(fromHex(`0x${hash}`));
  const reference = { url, key: fromHex(`0x${key}`), sha256, size, mediaType };
  if (textOf(reference) !== text) throw malformed("it is not written in the one form that it has");
  return reference;
}

function textOf({ url, key, sha256, size, mediaType }: BlobReference): string {
  const digits = (bytes: Uint8Array) => toHex(bytes).slice(2);
  const parts = [
    `blob=${BLOB_FORMAT}`,
    `key=${digits(key)}`,
    `sha256=${digits(sha256)}`,
    `size=${size}`,
    `type=${encodeURIComponent(mediaType)}`,
  ];
  return `${url}#${parts.join("&")}`;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function malformed(
  reason: string,
  field?: BlobErrors["BLOB_REFERENCE_MALFORMED"]["field"],
): SignpostError {
  return new SignpostError(
    "BLOB_REFERENCE_MALFORMED",
    `This is no reference to a blob: ${reason}. Ask the sender to send it again.`,
    field === undefined ? {} : { field },
  );
}
