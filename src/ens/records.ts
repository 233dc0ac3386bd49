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
}

/** What a name that does not exist answers with: every record absent. */
export const NO_RECORDS: NameRecords = {
  addresses: new Map(),
  texts: new Map(),
  contenthash: null,
};
