/** How a name's records lie in a row: bytes as bytea, maps as JSON with hex in it. */
import { type Hex, toHex } from "../abi/hex.js";
import type { NameRecords, Pubkey } from "../ens/records.js";
import type { StoredName } from "../registry/store.js";

/** The columns of NameRecords, as the driver returns them. */
export interface RecordColumns {
  readonly addresses: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly contenthash: Buffer | null;
  readonly name_record: string | null;
  readonly pubkey: Buffer | null;
  readonly abis: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
  readonly interfaces: Readonly<Record<string, string>>;
}

export const RECORD_COLUMNS = [
  "addresses",
  "texts",
  "contenthash",
  "name_record",
  "pubkey",
  "abis",
  "data",
  "interfaces",
] as const satisfies readonly (keyof RecordColumns)[];

export interface NameRow extends RecordColumns {
  readonly node: Buffer;
  readonly name: string;
  readonly domain: string;
  readonly profile_fingerprint: Buffer | null;
}

export const NAME_COLUMNS = [
  "node",
  "name",
  "domain",
  ...RECORD_COLUMNS,
  "profile_fingerprint",
] as const satisfies readonly (keyof NameRow)[];

const PUBKEY_COORDINATE_BYTES = 32;

export function recordsOfRow(row: RecordColumns): NameRecords {
  return {
    addresses: bytesByKey(row.addresses, BigInt),
    texts: mapOf(row.texts),
    contenthash: bytesOrNull(row.contenthash),
    nameRecord: row.name_record,
    pubkey: pubkeyOrNull(row.pubkey),
    abis: bytesByKey(row.abis, BigInt),
    data: bytesByKey(row.data, (key) => key),
    interfaces: bytesByKey(row.interfaces, (interfaceId) => interfaceId as Hex),
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

/** The values of `NAME_COLUMNS`, in their order, as the driver takes them. */
export function valuesOfName(name: StoredName): unknown[] {
  const row: Record<keyof NameRow, unknown> = {
    node: name.node,
    name: name.name,
    domain: name.domain,
    addresses: hexByKey(name.addresses),
    texts: JSON.stringify(Object.fromEntries(name.texts)),
    contenthash: name.contenthash,
    name_record: name.nameRecord,
    pubkey: name.pubkey && Uint8Array.of(...name.pubkey.x, ...name.pubkey.y),
    abis: hexByKey(name.abis),
    data: hexByKey(name.data),
    interfaces: hexByKey(name.interfaces),
    profile_fingerprint: name.profileFingerprint,
  };
  return NAME_COLUMNS.map((column) => row[column]);
}

/** A copy that is only these bytes: the driver's Buffers are windows on a shared one. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

/** JSON text, because the driver would send a bare object or array as something else. */
function hexByKey(map: ReadonlyMap<bigint | string, Uint8Array>): string {
  const entries = [...map].map(([key, bytes]): [string, Hex] => [key.toString(), toHex(bytes)]);
  return JSON.stringify(Object.fromEntries(entries));
}

function bytesByKey<Key>(
  column: Readonly<Record<string, string>>,
  keyOf: (key: string) => Key,
): ReadonlyMap<Key, Uint8Array> {
  const map = new Map<Key, Uint8Array>();
  for (const key in column) map.set(keyOf(key), bytesOfHex(column[key] ?? ""));
  return map;
}

/** Of hex that we wrote ourselves, so that it need not be checked again. */
function bytesOfHex(hex: string): Uint8Array {
  return plainBytes(Buffer.from(hex.slice(2), "hex"));
}

function mapOf(column: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const key in column) map.set(key, column[key] ?? "");
  return map;
}

function pubkeyOrNull(column: Buffer | null): Pubkey | null {
  return (
    column && {
      x: plainBytes(column.subarray(0, PUBKEY_COORDINATE_BYTES)),
      y: plainBytes(column.subarray(PUBKEY_COORDINATE_BYTES)),
    }
  );
}

function bytesOrNull(buffer: Buffer | null): Uint8Array | null {
  return buffer === null ? null : plainBytes(buffer);
}
