/**
 * Messages of the network that are too long for an envelope: the bridge's relay node keeps them in sealed pieces, and the DM3 message
 * has references to them. So the receiver's relay node takes an envelope of the usual length, however long the message is.
 */
import type { Digest } from "../../abi/digest.js";
import { toHex } from "../../abi/hex.js";
import { sha256 } from "../../abi/sha256.js";
import { sealBlob } from "../../dm3/blob/sealedBlob.js";
import type { Attachment } from "../../dm3/message/message.js";
import type { MessageKeys } from "../../dm3/message/messageKeys.js";
import {
  keptNativeAttachments,
  nativeAttachment,
  nativePiecesOf,
} from "../../dm3/message/nativeMessage.js";
import type { Address } from "../../ens/address.js";
import type { NormalName } from "../../ens/normalize.js";
import type { NativeAddress } from "../address/nativeAddress.js";
import type { VirtualUser } from "./custody.js";

/** Where the pieces are kept. Both throw DATABASE_UNAVAILABLE. */
export interface PieceStore {
  /**
   * Does `work`, which keeps a message's pieces, where there is room for them. One message after the other, so that none takes room
   * that another one was promised.
   * @param first the first piece: where it is kept for this receiver already, the message came before
   * @throws BLOBS_FULL where this person has as much there as one may; LIMIT_EXCEEDED where everybody of their domain has, or all
   *   have, or as much is kept for the receiver or its ENS domain as may be, or more came today than a person or a domain may send a day
   */
  readonly withRoom: <Result>(
    of: NativeAddress,
    to: NormalName,
    bytes: number,
    first: Digest,
    work: () => Promise<Result>,
  ) => Promise<Result>;
  /** The same bytes once more are kept once. Returns the URL. Throws BLOBS_FULL. */
  readonly keep: (
    account: Address,
    piece: { readonly sha256: Digest; readonly sealed: Uint8Array },
  ) => Promise<string>;
}

export interface KeepingParts {
  /** Null where the bridge's relay node keeps none: then everything goes into the envelope. */
  readonly pieces: PieceStore | null;
  /** What goes into an envelope that every relay node takes, in bytes. */
  readonly longestInside: number;
}

/** The same attachments each time for the same message. Throws what the store throws. */
export async function attachmentsOf(
  { pieces: store, longestInside }: KeepingParts,
  { native, wallet, keys }: Pick<VirtualUser, "native" | "wallet" | "keys">,
  to: NormalName,
  bytes: Uint8Array,
): Promise<readonly Attachment[]> {
  if (store === null || bytes.length <= longestInside) return [nativeAttachment(bytes)];
  const sealOf = async (piece: Uint8Array) =>
    sealBlob(keys.engine, piece, await keyFor(keys, piece));
  const pieces = nativePiecesOf(bytes);
  const first = await sealOf(pieces[0] ?? bytes);
  return store.withRoom(native, to, bytes.length, first.sha256, async () => {
    const kept = [];
    for (const piece of pieces) {
      const { sealed, ...seal } = piece === pieces[0] ? first : await sealOf(piece);
      const url = await store.keep(wallet, { sha256: seal.sha256, sealed });
      kept.push({ ...seal, url });
    }
    return keptNativeAttachments(kept);
  });
}

/**
 * A secret that only the bridge can make, and always the same for the same bytes: a message that the network delivers twice becomes
 * the same DM3 message. Nothing else that this key signs begins like this.
 */
async function keyFor({ signingKey }: MessageKeys, piece: Uint8Array): Promise<Uint8Array> {
  const text = `Signpost: the key of the blob ${toHex(sha256(piece))}`;
  return sha256(await signingKey.sign(new TextEncoder().encode(text)));
}
