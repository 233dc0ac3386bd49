/** How a name's records lie in a row: bytes as bytea, maps as JSON with hex in it. */
import { type Hex, fromHex, toHex } from "../abi/hex.js";
import type { NameRecords } from "../ens/records.js";
import type { StoredName } from "../registry/store.js";

/** The columns of NameRecords, as the driver returns them. */
export interface RecordColumns {
  readonly addresses: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly contenthash: Buffer | null;
}

export interface NameRow extends RecordColumns {
  readonly node: Buffer;
  readonly name: string;
  readonly domain: string;
  readonly profile_fingerprint: Buffer | null;
}

export function recordsOfRow(row: RecordColumns): NameRecords {
  const addresses = Object.entries(row.addresses);
  return {
    addresses: new Map(addresses.map(([coinType, hex]) => [BigInt(coinType), fromHex(hex)])),
    texts: new Map(Object.entries(row.texts)),
    contenthash: bytesOrNull(row.contenthash),
  };
}

export function nameOfRow(row: NameRow): StoredName {
  return {
    ...recordsOfRow(row),
    node: plainBytes(row.node),
    name: row.name,
    domain: row.domain,
    profileFingerprint: bytesOrNull(row.profile_fingerprint),
  };
}

/** JSON text, because the driver would send a bare object or array as something else. */
export function addressesColumn(addresses: NameRecords["addresses"]): string {
  const entries = [...addresses].map(([coinType, address]): [string, Hex] => [
    coinType.toString(),
    toHex(address),
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

export function textsColumn(texts: NameRecords["texts"]): string {
  return JSON.stringify(Object.fromEntries(texts));
}

/** A copy that is only these bytes: the driver's Buffers are windows on a shared one. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

function bytesOrNull(buffer: Buffer | null): Uint8Array | null {
  return buffer === null ? null : plainBytes(buffer);
}
