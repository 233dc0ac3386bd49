/**
 * The same as lines of an export, made of what the server writes: all of a domain is written so, and to read each value and
 * write it again takes most of the time. What most names do not have goes the long way.
 */
import pg from "pg";
import { stringify } from "../../dm3/stringify.js";
import type { ExportedLine } from "../../transfer/exportPort.js";
import { lineOfName, textOf } from "../../transfer/form/writeLine.js";
import type { Connection } from "../transaction.js";
import { exportRows } from "./exportCursor.js";
import { type ExportRow, factsOf } from "./exportItems.js";

/** Each value as the server writes it. */
type TextRow = { readonly [Column in keyof ExportRow]: string | null } & {
  readonly its_name: string;
};

const AS_TEXT = { types: { getTypeParser: () => (text: string) => text } };

/** @param after the name behind which they begin; null: with the first */
export async function* exportTexts(
  connection: Connection,
  domain: string,
  after: string | null,
): AsyncGenerator<readonly ExportedLine[]> {
  for await (const rows of exportRows<TextRow>(connection, domain, after, true, AS_TEXT)) {
    const lines: ExportedLine[] = [];
    for (const row of rows) {
      if (row.is_first === "t") lines.push({ kind: "name", text: nameText(row) });
      if (row.entry !== null) lines.push({ kind: "entry", text: entryText(row) });
    }
    yield lines;
  }
}

function nameText(row: TextRow): string {
  if (isUnusual(row)) return textOf(lineOfName(factsOf(readRow(row))));
  const end = `{"hash":${hexOf(row.end_hash)},"number":${row.end_number}}`;
  const marks = `{"givenUpBy":[],"isGift":${booleanOf(row.is_gift)},"ownerChain":${quoted(row.owner_chain)},"sequence":${row.sequence},"writesAfterSec":${row.writes_after_sec}}`;
  return `{"end":${end},"kind":"name","marks":${marks},"name":${quoted(row.its_name)},"retired":[],"served":null,"servedBefore":[],"state":${stateText(row)}}`;
}

/** `nameState`, its keys in order. */
function stateText(row: TextRow): string {
  return `{"abis":${jsonOf(row.abis)},"addresses":${jsonOf(row.addresses)},"contenthash":${hexOf(row.contenthash)},"data":${jsonOf(row.data)},"domain":${quoted(row.domain)},"held":${booleanOf(row.held)},"interfaces":${jsonOf(row.interfaces)},"name":${quoted(row.name)},"nameRecord":${quoted(row.name_record)},"profileFingerprint":${hexOf(row.profile_fingerprint)},"pubkey":null,"suspension":null,"texts":${jsonOf(row.texts)}}`;
}

function isUnusual(row: TextRow): boolean {
  return (
    row.name === null ||
    row.end_hash === null ||
    row.given_up_by !== "{}" ||
    row.retired !== "{}" ||
    row.served_before !== "{}" ||
    row.served !== null ||
    row.pubkey !== null ||
    row.suspended_at !== null
  );
}

function entryText({ entry, entry_hash: hash }: TextRow): string {
  const read = JSON.parse(entry ?? "null") as Json;
  return `{"entry":${stringify(entryInOrder(read))},"hash":${hexOf(hash)},"kind":"entry"}`;
}

type Json = Readonly<Record<string, unknown>>;

const ENTRY_KEYS = [
  ...["after", "atMs", "authority", "before", "change"],
  ...["form", "name", "number", "operation", "previous"],
];
const STATE_KEYS = [
  ...["abis", "addresses", "contenthash", "data", "domain", "held", "interfaces", "name"],
  ...["nameRecord", "profileFingerprint", "pubkey", "suspension", "texts"],
];

/** The server keeps keys in another order than `stringify` writes, which is quick with what is in its own. */
function entryInOrder(entry: Json): Json {
  const { authority, change } = entry as { authority: Json; change: { to?: Json | null } };
  const { to } = change;
  return {
    ...inOrder(entry, ENTRY_KEYS),
    authority: inOrder(authority, ["keyId", "kind"]),
    change: to ? { to: inOrder(to, STATE_KEYS) } : change,
  };
}

/** Those keys, where it has them and no other. */
function inOrder(given: Json, keys: readonly string[]): Json {
  if (Object.keys(given).length !== keys.length) return given;
  const ordered: Record<string, unknown> = {};
  for (const key of keys) {
    if (!Object.hasOwn(given, key)) return given;
    ordered[key] = given[key];
  }
  return ordered;
}

function jsonOf(json: string | null): string {
  return json === "{}" ? json : stringify(JSON.parse(json ?? "null"));
}

/** Of bytes as the server writes them: \x and digits. */
function hexOf(bytes: string | null): string {
  return bytes === null ? "null" : `"0x${bytes.slice(2)}"`;
}

function quoted(text: string | null): string {
  return JSON.stringify(text);
}

function booleanOf(text: string | null): string {
  return text === "t" ? "true" : "false";
}

const { builtins } = pg.types;
const BYTES = 17;
const LIST_OF_BYTES = 1001;
const TYPES: { readonly [Column in keyof ExportRow]?: number } = {
  ...{ its_node: BYTES, end_hash: BYTES, row_digest: BYTES, served: BYTES, entry_hash: BYTES },
  ...{ node: BYTES, contenthash: BYTES, pubkey: BYTES, profile_fingerprint: BYTES },
  ...{ retired: LIST_OF_BYTES, served_before: LIST_OF_BYTES, given_up_by: LIST_OF_BYTES },
  ...{ addresses: builtins.JSONB, texts: builtins.JSONB, abis: builtins.JSONB },
  ...{ data: builtins.JSONB, interfaces: builtins.JSONB, entry: builtins.JSONB },
  ...{ is_first: builtins.BOOL, held: builtins.BOOL, is_gift: builtins.BOOL },
  ...{ end_number: builtins.INT4, entry_number: builtins.INT4 },
  suspended_at: builtins.TIMESTAMPTZ,
};

/** The driver knows more types than it names. */
const parserOf = pg.types.getTypeParser as (type: number) => (text: string) => unknown;

/** As the driver would have read it. */
function readRow(row: TextRow): ExportRow {
  const read = Object.entries(row).map(
    ([column, text]: [string, string | null]): [string, unknown] => {
      const type = TYPES[column as keyof ExportRow];
      if (text === null || type === undefined) return [column, text];
      return [column, parserOf(type)(text)];
    },
  );
  return Object.fromEntries(read) as object as ExportRow;
}
