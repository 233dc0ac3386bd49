/** Messages of other networks in attachments, which may be too long for an envelope. */
import type { BlobReference } from "../dm3/blob/blobReference.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import type { Attachment } from "../dm3/message/message.js";
import {
  keptNativeAttachments,
  nativeBytesOf,
  nativeMessageOf,
  nativePiecesOf,
} from "../dm3/message/nativeMessage.js";
import { fetchBlobs } from "../sending/fetchBlob.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";

type KeepBytes = (bytes: Uint8Array) => Promise<Omit<BlobReference, "mediaType"> | null>;

/** In its pieces; where no relay node keeps them, it stays in the envelope: the bridge's node may take longer ones. */
export async function keepNative(
  attachment: Attachment,
  keep: KeepBytes,
): Promise<readonly Attachment[]> {
  const pieces: Omit<BlobReference, "mediaType">[] = [];
  for (const piece of nativePiecesOf(nativeBytesOf([attachment]) ?? new Uint8Array())) {
    const kept = await keep(piece);
    if (kept === null) return [attachment];
    pieces.push(kept);
  }
  return keptNativeAttachments(pieces);
}

/** Null where there is none. Throws as `fetchBlobs` and `nativeMessageOf`. */
export async function openNativeIn(
  attachments: readonly Attachment[],
  access: RelayNodeAccess,
  engine: CryptoEngine,
): Promise<Uint8Array | null> {
  const native = nativeMessageOf(attachments);
  if (native === null || native.is === "inside") return native && native.bytes;
  return fetchBlobs(access, engine, native.pieces, native.size);
}
