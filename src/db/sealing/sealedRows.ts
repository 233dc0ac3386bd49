/**
 * A column of sealed values, for a rotation. Its table has, beside the values, a generated column with the id of the
 * data key of each, which refers to `data_key`, and an index on that and the primary key:
 *
 *     password     bytea not null,
 *     password_key uuid generated always as (encode(substring(password from 2 for 16), 'hex')::uuid) stored
 *                  references data_key (id)
 *     create index on account (password_key, id);
 */
import pg from "pg";
import { SignpostError } from "../../errors.js";
import type { KeyPart, KeyType, SealedColumn } from "../../sealing/place.js";
import type { SealedRow, SealedRows } from "../../sealing/sealedRows.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import { schemaOf, SEALING, usableSchema } from "../migrate.js";
import type { Pool } from "../pool.js";
import { dataKeyTable } from "./dataKeyStore.js";

export interface SealedSchemas {
  /** Of the capability's tables. */
  readonly own: string;
  /** Of `data_key`. */
  readonly sealing: string;
}

/** Those of the columns that the pool's database has: a capability that never ran on it has no tables there. */
export async function sealedRowsHere(
  pool: Pool,
  columns: readonly SealedColumn[],
): Promise<readonly SealedRows[]> {
  const base = await usableSchema(pool);
  const sealing = schemaOf(SEALING, base);
  const here: SealedRows[] = [];
  for (const column of columns) {
    const own = schemaOf(column.capability, base);
    const { rows } = await fromDatabase(
      pool.query<{ exists: boolean }>("select to_regclass($1) is not null as exists", [
        tableOf(own, column),
      ]),
    );
    if (rows[0]?.exists === true) here.push(sealedRows(pool, { own, sealing }, column));
  }
  return here;
}

function tableOf(schema: string, { table }: SealedColumn): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}

export function sealedRows(pool: Pool, schemas: SealedSchemas, column: SealedColumn): SealedRows {
  const quoted = pg.escapeIdentifier;
  const table = tableOf(schemas.own, column);
  const value = quoted(column.column);
  const dataKey = quoted(column.dataKeyColumn);
  const ask = <Row extends object>(text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<Row>(text, [...values]));

  const key = column.primaryKey;
  const names = key.map(({ column: name }) => quoted(name)).join(", ");
  const parameters = (from: number) =>
    key.map(({ type }, index) => `$${from + index}::${type}`).join(", ");
  // an array, so that no name of a column is in the way
  const read = key.map(({ column: name, type }) => `${quoted(name)}::${type}`).join(", ");

  const toPage = (row: { readonly [index: number]: string | Buffer }): SealedRow => {
    const sealed = row[key.length];
    return {
      row: key.map(({ type }, index) => partOf(type, row[index] ?? "")),
      sealed: Buffer.isBuffer(sealed) ? plainBytes(sealed) : new Uint8Array(),
    };
  };

  return {
    column,
    assertGuarded: async () => {
      const { rows } = await ask<{ guarded: boolean }>(GUARDED, [
        table,
        column.dataKeyColumn,
        dataKeyTable(schemas.sealing),
        column.column,
      ]);
      if (rows[0]?.guarded !== true) throw unguarded(column);
    },
    page: async (id, after, limit) => {
      const behind = after === null ? "" : `and (${names}) > (${parameters(3)})`;
      const text = `select ${read}, ${value} from ${table} where ${dataKey} = $1 ${behind} order by ${names} limit $2`;
      const values = [id, limit, ...(after ?? [])];
      const { rows } = await fromDatabase(
        pool.query<(string | Buffer)[]>({ text, values, rowMode: "array" }),
      );
      return rows.map(toPage);
    },
    exchange: async (row, from, to) => {
      const text = `update ${table} set ${value} = $2 where ${value} = $1 and (${names}) = (${parameters(3)})`;
      const { rowCount } = await ask(text, [from, to, ...row]);
      return rowCount === 1;
    },
    count: async () => {
      const text = `select ${dataKey} as id, count(*) as count from ${table} where ${dataKey} is not null group by 1`;
      const { rows } = await ask<{ id: string; count: string }>(text, []);
      return new Map(rows.map(({ id, count }) => [id, Number(count)]));
    },
  };
}

/**
 * Whether the column $2 of the table $1 is generated from the sealed values in $4, as above, and refers to the table $3
 * in a way that keeps a data key: the database holds it, and a delete there is refused. Postgres shows the expression
 * in one of two ways: the second one is that of versions before 14, and of `substring(value, 2, 16)`.
 */
const GUARDED = `
  select count(*) > 0 as guarded
  from pg_attribute a
  join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  join pg_constraint c on c.conrelid = a.attrelid and c.conkey = array[a.attnum]
  where a.attrelid = $1::regclass and a.attname = $2 and a.attgenerated = 's'
    and pg_get_expr(d.adbin, d.adrelid) in (
      format('(encode(SUBSTRING(%I FROM 2 FOR 16), ''hex''::text))::uuid', $4::text),
      format('(encode("substring"(%I, 2, 16), ''hex''::text))::uuid', $4::text)
    )
    and c.contype = 'f' and c.convalidated and c.confrelid = $3::regclass and c.confdeltype = 'a'`;

function partOf(type: KeyType, value: string | Buffer): KeyPart {
  if (Buffer.isBuffer(value)) return plainBytes(value);
  return type === "bigint" ? BigInt(value) : value;
}

function unguarded({ capability, table, dataKeyColumn }: SealedColumn): SignpostError {
  return new SignpostError(
    "INTERNAL",
    `Nothing keeps the data keys of ${capability}.${table}: ${dataKeyColumn} must be a column that is generated from the sealed value, and references data_key without a delete action. Please report it.`,
  );
}
