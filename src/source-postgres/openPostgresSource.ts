/** A view or table in a service's own Postgres as a source. */
import { createHash } from "node:crypto";
import type { ColumnMap } from "../registry/sources/postgresSettings.js";
import {
  type ListedSource,
  LONGEST_LABEL_BYTES,
  LONGEST_ROW_BYTES,
  type SourceRow,
  type UnusableRow,
} from "../registry/sources/source.js";
import type { Access } from "./boundedPool.js";
import { inHalves } from "./inHalves.js";
import { openPool, type SourcePool } from "./openPool.js";
import { isUnknownCharacter } from "./sourceError.js";
import { labelsStatement, mappedColumns, rowsStatement } from "./statements.js";

/** Lookups have 3 s in all, of which some may be spent waiting for their turn. */
const LONGEST_LOOKUP_MS = 1_000;
/** As many questions as are under way at once. */
const LOOKUP_CONNECTIONS = 2;
/** A page of a scan. */
const LONGEST_PAGE_MS = 10_000;

/** What the protocol puts around an answer, with notices; around a row, and around a label of a page. */
const AROUND_BYTES = 64 * 1024;
const ROW_BYTES = LONGEST_ROW_BYTES + 1024;
const LABEL_BYTES = LONGEST_LABEL_BYTES + 64;

type RowOfTable = readonly [label: string, isTooLong: boolean, ...values: (string | null)[]];
type RowOfPage = readonly [label: string, isRepeated: boolean];

/** Opens no connection yet. */
export function openPostgresSource(access: Access): ListedSource {
  const { settings } = access;
  const text = rowsStatement(settings);
  // by what it says: a pooler may hand the connection, with its plans, to the source of another domain
  const name = `rows ${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
  const pageText = labelsStatement(settings);
  const columns = mappedColumns(settings.columns).length;
  const lookups = openPool(access, {
    connections: LOOKUP_CONNECTIONS,
    longestMs: LONGEST_LOOKUP_MS,
  });
  let scans: SourcePool | undefined;

  async function rowsOf(asked: readonly string[]) {
    const isAsked = new Set<unknown>(asked);
    const found = await lookups.ask<RowOfTable>(
      {
        ...{
          name,
          text,
          mostRows: 2 * asked.length,
          mostBytes: AROUND_BYTES + 2 * asked.length * ROW_BYTES,
        },
        isRow: (row): row is RowOfTable =>
          isAsked.has(row[0]) && typeof row[1] === "boolean" && areTexts(row.slice(2), columns),
      },
      [asked],
    );
    return rowsByLabel(settings.columns, found);
  }

  /** Where the database cannot hold a label in its encoding, it has no such row. */
  async function canBeHeld(label: string): Promise<boolean> {
    const question = {
      text: "select $1::text",
      mostRows: 1,
      mostBytes: AROUND_BYTES,
      isRow: isRowOfLabel,
    };
    return lookups.ask(question, [label]).then(
      () => true,
      (error: unknown) => !isUnknownCharacter(error),
    );
  }

  return {
    rowsOf: async (asked) => {
      const found = new Map(await inHalves(asked, rowsOf));
      for (const [label, row] of found) {
        if (row instanceof Error && !(await canBeHeld(label))) found.delete(label);
      }
      return found;
    },
    labelsAfter: async (after, limit) => {
      scans ??= openPool(access, { connections: 1, longestMs: LONGEST_PAGE_MS });
      const page = await scans.ask(
        {
          text: pageText,
          mostRows: limit,
          mostBytes: AROUND_BYTES + limit * LABEL_BYTES,
          isRow: isRowOfPage,
        },
        [after, limit],
      );
      return page.map(([label, isRepeated]) => ({ label, isRepeated }));
    },
    close: async () => {
      await Promise.all([lookups.close(), scans?.close()]);
    },
  };
}

function areTexts(values: readonly unknown[], count: number): boolean {
  return (
    values.length === count && values.every((value) => value === null || typeof value === "string")
  );
}

function isRowOfLabel(row: readonly unknown[]): row is readonly [string] {
  return row.length === 1 && typeof row[0] === "string";
}

function isRowOfPage(row: readonly unknown[]): row is RowOfPage {
  return row.length === 2 && typeof row[0] === "string" && typeof row[1] === "boolean";
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
