/** A view or table in a service's own Postgres as a source. */
import type { ColumnMap } from "../registry/sources/postgresSettings.js";
import type { ListedSource, SourceRow, UnusableRow } from "../registry/sources/source.js";
import { type Access, openPool, type SourcePool } from "./openPool.js";
import { labelsStatement, rowsStatement } from "./statements.js";

/** Lookups have 3 s in all, of which some may be spent waiting for their turn. */
const LONGEST_LOOKUP_MS = 1_000;
/** As many questions as are under way at once. */
const LOOKUP_CONNECTIONS = 2;
/** A page of a scan. */
const LONGEST_PAGE_MS = 10_000;

type RowOfTable = readonly [label: string, isTooLong: boolean, ...values: (string | null)[]];

/** Opens no connection yet. */
export function openPostgresSource(access: Access): ListedSource {
  const { settings } = access;
  const rows = { name: "rows", text: rowsStatement(settings) };
  const labels = { text: labelsStatement(settings) };
  const lookups = openPool(access, {
    connections: LOOKUP_CONNECTIONS,
    longestMs: LONGEST_LOOKUP_MS,
  });
  let scans: SourcePool | undefined;
  return {
    rowsOf: async (asked) =>
      rowsByLabel(settings.columns, await lookups.ask<RowOfTable>(rows, [asked])),
    labelsAfter: async (after, limit) => {
      scans ??= openPool(access, { connections: 1, longestMs: LONGEST_PAGE_MS });
      const page = await scans.ask<[string, boolean]>(labels, [after, limit]);
      return page.map(([label, isRepeated]) => ({ label, isRepeated }));
    },
    close: async () => {
      await Promise.all([lookups.close(), scans?.close()]);
    },
  };
}

function rowsByLabel(
  columns: ColumnMap,
  found: readonly RowOfTable[],
): ReadonlyMap<string, SourceRow | UnusableRow> {
  const rows = new Map<string, SourceRow | UnusableRow>();
  for (const [label, isTooLong, ...values] of found) {
    if (rows.has(label)) rows.set(label, "ambiguous");
    else rows.set(label, isTooLong ? "tooLarge" : rowOf(columns, values));
  }
  return rows;
}

/** @param values of `mappedColumns` */
function rowOf(columns: ColumnMap, values: readonly (string | null)[]): SourceRow {
  const left = values[Symbol.iterator]();
  const next = () => left.next().value ?? null;
  const single = (column: string | null) => (column === null ? null : next());
  const { wallet, profile, contenthash, texts, addresses } = columns;
  return {
    wallet: hexOf(single(wallet)),
    profile: single(profile),
    contenthash: hexOf(single(contenthash)),
    texts: mapOf(Object.keys(texts), next),
    addresses: mapOf(Object.keys(addresses), () => hexOf(next())),
  };
}

function mapOf(keys: readonly string[], next: () => string | null): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const key of keys) {
    const value = next();
    if (value !== null) map.set(key, value);
  }
  return map;
}

/** Of a column of bytes, Postgres writes \x before the digits. */
function hexOf(text: string | null): string | null {
  return text?.startsWith("\\x") === true ? `0x${text.slice(2)}` : text;
}
