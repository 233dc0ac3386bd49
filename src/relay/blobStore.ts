/** What the relay node asks of a database about blobs; `src/db/relay/blobStore.ts` answers with Postgres. */
import type { Digest } from "../abi/digest.js";
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";

/** Zero bytes: this relay node keeps no blobs. */
export interface BlobBounds {
  /** Of one blob, before it is sealed. */
  readonly mostBytes: number;
  /** How much one account may have. */
  readonly account: { readonly mostBlobs: number; readonly mostBytes: number };
}

/** Where a relay node answers with a blob. @param url of the relay node, as published */
export function blobUrl(url: string, id: Digest): string {
  return `${url}/blobs/${toHex(id).slice(2)}`;
}

export interface BlobStore {
  /** Whether an account has room for so many bytes more, as far as it is known now. */
  hasRoom(account: Address, bytes: number): Promise<boolean>;
  /**
   * Keeps the blob, so that a crash after the answer does not lose it. What the account has already is kept for longer and
   * takes no more room. False where the account has no room; nothing is kept then.
   * @param id SHA-256 of the content
   */
  keep(account: Address, id: Digest, content: Uint8Array, expiresMs: number): Promise<boolean>;
  /** How long a blob is that has not expired; null where there is none. */
  sizeOf(id: Digest, nowMs: number): Promise<number | null>;
  /** Null where there is none that has not expired. */
  contentOf(id: Digest, nowMs: number): Promise<Uint8Array | null>;
  /** False where the account has none with this id; what others have under it stays. */
  remove(account: Address, id: Digest): Promise<boolean>;
  /** Forgets blobs that expired before this time; returns how many, `limit` at most. */
  expire(beforeMs: number, limit: number): Promise<number>;
}
