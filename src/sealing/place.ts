/**
 * Where a secret belongs: one column of one row of one capability. A sealed value opens in its own place only, so that
 * whoever can write to the database cannot give one row the secret of another.
 */
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";

/**
 * A column of sealed values. The names of capability, table and column are part of what is sealed: once there are
 * values, they stay. The Postgres schema is not, so that a restore may bring another one.
 */
export interface SealedColumn {
  readonly capability: string;
  readonly table: string;
  readonly column: string;
  /** The columns of the table's primary key, in their order. */
  readonly primaryKey: readonly KeyColumn[];
  /** A generated column with the id of the data key (docs/decisions/0012-secrets-at-rest.md). */
  readonly dataKeyColumn: string;
}

export interface KeyColumn {
  readonly column: string;
  readonly type: KeyType;
}

/** "bigint" is any integer. */
export type KeyType = "text" | "bigint" | "bytea" | "uuid";

/** One value of a primary key: a string for text and uuid, a bigint for integers, bytes for bytea. */
export type KeyPart = string | bigint | Uint8Array;

/** The values of the primary key's columns, in their order. */
export type RowKey = readonly KeyPart[];

export interface Place {
  readonly column: SealedColumn;
  readonly row: RowKey;
}

/** For people. */
export function nameOfColumn({ capability, table, column }: SealedColumn): string {
  return `${capability}.${table}.${column}`;
}

/** The values of a row's key, for people and JSON. */
export function textOfRow(row: RowKey): readonly string[] {
  return row.map((part) => (part instanceof Uint8Array ? toHex(part) : String(part)));
}

const TYPE_BYTE: Readonly<Record<KeyType, number>> = { text: 1, bigint: 2, bytea: 3, uuid: 4 };
/** Of a part's type and length. */
const HEAD_BYTES = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * For each part its type (1 byte), its length (4 bytes, big-endian) and itself, so that no two places have the same
 * bytes. Throws INTERNAL for a row whose values are not of the types of the column's primary key.
 */
export function bytesOfPlace({ column, row }: Place): Uint8Array {
  const { capability, table, primaryKey } = column;
  if (row.length !== primaryKey.length) throw wrongKey(column);
  const names = [capability, table, column.column].map((name) => part("text", utf8ToBytes(name)));
  const key = primaryKey.map(({ type }, index) => part(type, bytesOf(column, type, row[index])));
  return concatBytes(...names, ...key);
}

function part(type: KeyType, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(HEAD_BYTES + bytes.length);
  const view = new DataView(whole.buffer);
  view.setUint8(0, TYPE_BYTE[type]);
  view.setUint32(1, bytes.length);
  whole.set(bytes, HEAD_BYTES);
  return whole;
}

function bytesOf(column: SealedColumn, type: KeyType, value: KeyPart | undefined): Uint8Array {
  if (type === "text" && typeof value === "string") return utf8ToBytes(value);
  if (type === "bigint" && typeof value === "bigint") return utf8ToBytes(value.toString());
  if (type === "bytea" && value instanceof Uint8Array) return value;
  if (type === "uuid" && typeof value === "string" && UUID.test(value)) {
    return hexToBytes(value.replaceAll("-", ""));
  }
  throw wrongKey(column);
}

function wrongKey({ capability, table, primaryKey }: SealedColumn): SignpostError {
  const types = primaryKey.map(({ column, type }) => `${column} ${type}`).join(", ");
  return new SignpostError(
    "INTERNAL",
    `A row of ${capability}.${table} was named by other values than those of its primary key (${types}); please report it.`,
  );
}
