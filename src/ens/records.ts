import type { Hex } from "../abi/hex.js";
import type { Address } from "./address.js";

/** The encodings of ENSIP-4, one bit each, the lowest first: JSON, zlib-compressed JSON, CBOR, URI. */
export const ABI_CONTENT_TYPES: readonly bigint[] = [1n, 2n, 4n, 8n];

/** A secp256k1 public key (EIP-619), 32 bytes each. */
export interface Pubkey {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/**
 * Everything that a name answers with, as the registry keeps it. One value holds all records of a name, so
 * that a lookup, or a whole multicall, needs one read.
 */
export interface NameRecords {
  /** ENSIP-9 addresses by coin type: raw bytes, 20 of them for EVM coin types. */
  readonly addresses: ReadonlyMap<bigint, Uint8Array>;
  /** ENSIP-5 text records, the DM3 ones among them. */
  readonly texts: ReadonlyMap<string, string>;
  /** ENSIP-7 content hash, or null. */
  readonly contenthash: Uint8Array | null;
  /** ENSIP-3 `name` record, or null: the name that a reverse node stands for. Not the name that is asked. */
  readonly nameRecord: string | null;
  /** EIP-619, or null. */
  readonly pubkey: Pubkey | null;
  /** ENSIP-4 ABIs by content type, one of `ABI_CONTENT_TYPES`; none is empty. */
  readonly abis: ReadonlyMap<bigint, Uint8Array>;
  /** ENSIP-24 data by key. */
  readonly data: ReadonlyMap<string, Uint8Array>;
  /** ENSIP-8 implementers by ERC-165 interface id (4 bytes). */
  readonly interfaces: ReadonlyMap<Hex, Address>;
}

/** What a name that does not exist answers with: every record absent. */
export const NO_RECORDS: NameRecords = {
  addresses: new Map(),
  texts: new Map(),
  contenthash: null,
  nameRecord: null,
  pubkey: null,
  abis: new Map(),
  data: new Map(),
  interfaces: new Map(),
};
