/**
 * A message of another network inside a DM3 message. Bridges carry it, codecs make and open it; the text beside it says what a
 * client should show that cannot open it. It has one of two forms:
 *
 *   inside   one attachment, a data URI (RFC 2397) of the media type `message/rfc822` (RFC 2046, section 5.2.1) in base64
 *   kept     too long for an envelope: its pieces are sealed blobs, and the attachments are references to them, in their order,
 *            of the media type `message/rfc822;part=2;parts=13`
 */
import { SignpostError } from "../../errors.js";
import { decodeBase64, encodeBase64 } from "../base64.js";
import {
  type BlobReference,
  blobReferenceText,
  isBlobReference,
  parseBlobReference,
} from "../blob/blobReference.js";
import { isNativeAttachment, NATIVE_HEAD, NATIVE_TYPE } from "./isNativeAttachment.js";
import type { Attachment } from "./message.js";

/** In bytes; short enough that sealing and reading one holds up nobody. */
export const NATIVE_PIECE = 1024 * 1024;

export type NativeMessage =
  | { readonly is: "inside"; readonly bytes: Uint8Array }
  | {
      readonly is: "kept";
      readonly pieces: readonly BlobReference[];
      /** Of all pieces, in bytes. */
      readonly size: number;
    };

const NAME = "message.eml";
const PIECE_TYPE = /^message\/rfc822;part=([1-9]\d{0,2});parts=([1-9]\d{0,2})$/;
const PIECE_IN_TEXT = /&type=message%2Frfc822%3Bpart%3D/;

/** @param bytes a header and a body with CRLF, as the network carries them */
export function nativeAttachment(bytes: Uint8Array): Attachment {
  return { name: NAME, data: NATIVE_HEAD + encodeBase64(bytes) };
}

/** @param pieces in their order, each of NATIVE_PIECE bytes but for the last */
export function keptNativeAttachments(
  pieces: readonly Omit<BlobReference, "mediaType">[],
): readonly Attachment[] {
  return pieces.map((piece, index) => ({
    name: NAME,
    data: blobReferenceText({
      ...piece,
      mediaType: `${NATIVE_TYPE};part=${index + 1};parts=${pieces.length}`,
    }),
  }));
}

/** In pieces of NATIVE_PIECE bytes. */
export function nativePiecesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(bytes.length / NATIVE_PIECE);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * NATIVE_PIECE, (index + 1) * NATIVE_PIECE),
  );
}

/**
 * Null where the message holds none.
 * @throws INVALID_REQUEST where it holds one beside others, one that is no base64, or not all of its pieces;
 *   BLOB_REFERENCE_MALFORMED
 */
export function nativeMessageOf(
  attachments: readonly Attachment[] | undefined,
): NativeMessage | null {
  if (attachments?.some(isNativeAttachment) === true) return inside(attachments);
  if (attachments?.some(isPiece) === true) return kept(attachments);
  return null;
}

/**
 * The same of a message that is inside; `openNative` of a messenger opens both.
 * @throws INVALID_REQUEST as above, and where it is kept outside of the envelope
 */
export function nativeBytesOf(attachments: readonly Attachment[] | undefined): Uint8Array | null {
  const native = nativeMessageOf(attachments);
  if (native === null || native.is === "inside") return native && native.bytes;
  throw invalid(
    "The message of another network is kept outside of the envelope. Open it with openNative of the messenger.",
  );
}

function inside(attachments: readonly Attachment[]): NativeMessage {
  const [only] = attachments;
  if (attachments.length === 1 && only !== undefined) {
    return { is: "inside", bytes: decodeBase64(only.data.slice(NATIVE_HEAD.length)) };
  }
  throw invalid(
    "A message of another network must be the only attachment. Send other files inside it.",
  );
}

function isPiece({ data }: Attachment): boolean {
  return isBlobReference(data) && PIECE_IN_TEXT.test(data);
}

function kept(attachments: readonly Attachment[]): NativeMessage {
  const pieces = attachments.map(({ data }, index) => {
    const piece = isBlobReference(data) ? parseBlobReference(data) : null;
    const [, part, parts] = PIECE_TYPE.exec(piece?.mediaType ?? "") ?? [];
    const isNext = Number(part) === index + 1 && Number(parts) === attachments.length;
    const isLast = index === attachments.length - 1;
    if (piece === null || !isNext || piece.size > NATIVE_PIECE || piece.size === 0)
      throw notWhole();
    if (!isLast && piece.size !== NATIVE_PIECE) throw notWhole();
    return piece;
  });
  return { is: "kept", pieces, size: pieces.reduce((sum, { size }) => sum + size, 0) };
}

function notWhole(): SignpostError {
  return invalid(
    "The pieces of a message of another network are not all there, or not in their order. Send it again.",
  );
}

function invalid(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence, { field: "attachments" });
}
