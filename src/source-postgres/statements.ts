/**
 * What is asked of a service's Postgres. All of it is composed here, of identifiers that are quoted and of parameters: nothing that
 * anybody gave is ever part of the text of a statement otherwise.
 */
import pg from "pg";
import type { ColumnMap, PostgresSettings } from "../registry/sources/postgresSettings.js";
import { LONGEST_LABEL_BYTES, LONGEST_ROW_BYTES } from "../registry/sources/source.js";

const quoted = pg.escapeIdentifier;

/** The mapped columns, in the order in which a row has their values. */
export function mappedColumns({ wallet, profile, contenthash, texts, addresses }: ColumnMap) {
  const single = [wallet, profile, contenthash].filter((column) => column !== null);
  return [...single, ...Object.values(texts), ...Object.values(addresses)];
}

export function relationOf({ schema, table }: PostgresSettings): string {
  return `${quoted(schema)}.${quoted(table)}`;
}

/**
 * The rows of the labels $1. For each label two rows at most, which is enough to know that it stands twice; a row that is too long
 * comes without its values. By `lateral`, so that the condition reaches an index behind a view as well, and a label with a million
 * rows does not keep those of the others away.
 *
 * Columns of the answer: label, whether it is too long, then `mappedColumns`.
 */
export function rowsStatement(settings: PostgresSettings, limit = "limit 2"): string {
  const columns = mappedColumns(settings.columns);
  const values = columns.map((column, at) => `t.${quoted(column)}::text as v${at}`);
  const names = columns.map((_, at) => `v${at}`);
  const length = names.map((name) => `coalesce(octet_length(${name}), 0)`).join(" + ") || "0";
  const shown = names.map((name) => `case when length <= ${LONGEST_ROW_BYTES} then ${name} end`);
  return `select asked.label, r.*
    from unnest($1::text[]) as asked (label)
    cross join lateral (
      select ${["length > " + String(LONGEST_ROW_BYTES), ...shown].map((one, at) => `${one} as r${at}`).join(", ")}
      from (select *, ${length} as length
            from (select ${["1 as found", ...values].join(", ")}
                  from ${relationOf(settings)} t where ${isLabel(settings.columns)} ${limit}) found) measured
    ) r`;
}

/** For its plan: with the limit, the planner would count on meeting two rows early. */
export function unlimitedRowsStatement(settings: PostgresSettings): string {
  return rowsStatement(settings, "offset 0");
}

function isLabel({ label, compare }: ColumnMap): string {
  const column = `t.${quoted(label)}`;
  return compare === "lower" ? `lower(${column}::text) = asked.label` : `${column} = asked.label`;
}

/** The labels behind $1, $2 of them at most, in the order of the column's own index, each with whether it stands in several rows. */
export function labelsStatement(settings: PostgresSettings): string {
  const column = `t.${quoted(settings.columns.label)}`;
  return `select ${column}::text, count(*) > 1 from ${relationOf(settings)} t
    where ($1::text is null or ${column} > $1::text) and octet_length(${column}::text) <= ${LONGEST_LABEL_BYTES}
    group by ${column} order by ${column} limit $2`;
}
