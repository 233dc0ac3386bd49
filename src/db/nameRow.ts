/** How a name's records lie in a row: bytes as bytea, maps as JSON with hex in it. */
import { type Hex, toHex } from "../abi/hex.js";
import { type Address, addressFrom } from "../ens/address.js";
import type { NameRecords, Pubkey } from "../ens/records.js";
import type { StoredName, Suspension, VersionedName } from "../registry/names/storedName.js";
import { byteaText, digestOf, nodeOf, plainBytes } from "./bytea.js";

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
  readonly held: boolean;
  readonly suspended_at: Date | null;
  readonly suspended_by: Suspension["by"] | null;
  readonly suspended_reason: string | null;
}

/** The columns of a name that its state consists of, with their types. */
const COLUMN_TYPES: Readonly<Record<keyof NameRow, string>> = {
  node: "bytea",
  name: "text",
  domain: "text",
  addresses: "jsonb",
  texts: "jsonb",
  contenthash: "bytea",
  name_record: "text",
  pubkey: "bytea",
  abis: "jsonb",
  data: "jsonb",
  interfaces: "jsonb",
  profile_fingerprint: "bytea",
  held: "boolean",
  suspended_at: "timestamptz",
  suspended_by: "text",
  suspended_reason: "text",
};

export const NAME_COLUMNS = Object.keys(COLUMN_TYPES) as readonly (keyof NameRow)[];

/** For `jsonb_to_recordset(...) as row (...)`, which reads what `rowOfName` writes. */
export const NAME_ROW_TYPE = Object.entries(COLUMN_TYPES)
  .map(([column, type]) => `${column} ${type}`)
  .join(", ");

/** A name as readers see it: its version stands in its row, the owner's sequence outlives it. */
export interface VersionedRow extends NameRow {
  /** A bigint, which the driver returns as text. */
  readonly version: string;
  readonly sequence: string;
}

/** Of `name` as n, left-joined with `name_head` as h. */
export const VERSIONED_COLUMNS = [
  ...NAME_COLUMNS.map((column) => `n.${column}`),
  "n.version",
  "coalesce(h.sequence, 0) as sequence",
].join(", ");

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
    interfaces: implementersOf(row.interfaces),
  };
}

export function nameOfRow(row: NameRow): StoredName {
  return {
    ...recordsOfRow(row),
    node: nodeOf(row.node),
    name: row.name,
    domain: row.domain,
    profileFingerprint: row.profile_fingerprint && digestOf(row.profile_fingerprint),
    held: row.held,
    suspension: suspensionOf(row),
  };
}

export function versionedNameOfRow(row: VersionedRow): VersionedName {
  return { ...nameOfRow(row), version: BigInt(row.version), sequence: Number(row.sequence) };
}

/** A row in JSON. */
export function rowOfName(name: StoredName): Record<keyof NameRow, unknown> {
  const { pubkey, suspension } = name;
  return {
    node: byteaText(name.node),
    name: name.name,
    domain: name.domain,
    addresses: hexByKey(name.addresses),
    texts: Object.fromEntries(name.texts),
    contenthash: name.contenthash && byteaText(name.contenthash),
    name_record: name.nameRecord,
    pubkey: pubkey && byteaText(Uint8Array.of(...pubkey.x, ...pubkey.y)),
    abis: hexByKey(name.abis),
    data: hexByKey(name.data),
    interfaces: hexByKey(name.interfaces),
    profile_fingerprint: name.profileFingerprint && byteaText(name.profileFingerprint),
    held: name.held,
    suspended_at: suspension && new Date(suspension.atMs).toISOString(),
    suspended_by: suspension && suspension.by,
    suspended_reason: suspension && suspension.reason,
  };
}

function suspensionOf(row: NameRow): Suspension | null {
  const { suspended_at: at, suspended_by: by, suspended_reason: reason } = row;
  return at && by && reason !== null ? { by, reason, atMs: at.getTime() } : null;
}

function hexByKey(map: ReadonlyMap<bigint | string, Uint8Array>): Record<string, Hex> {
  return Object.fromEntries([...map].map(([key, bytes]) => [key.toString(), toHex(bytes)]));
}

function bytesByKey<Key>(
  column: Readonly<Record<string, string>>,
  keyOf: (key: string) => Key,
): ReadonlyMap<Key, Uint8Array> {
  const map = new Map<Key, Uint8Array>();
  for (const key in column) map.set(keyOf(key), bytesOfHex(column[key] ?? ""));
  return map;
}

function implementersOf(column: RecordColumns["interfaces"]): ReadonlyMap<Hex, Address> {
  const map = new Map<Hex, Address>();
  for (const id in column) map.set(id as Hex, addressFrom(bytesOfHex(column[id] ?? "")));
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
