/** The table of wrapped data keys. */
import pg from "pg";
import { SignpostError } from "../../errors.js";
import type {
  DataKeyState,
  DataKeyStore,
  StoredDataKey,
  WrappedDataKey,
} from "../../sealing/dataKeyStore.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase, isDuplicate, isMissingReference } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type Connection, inTransaction } from "../transaction.js";

interface WrappedRow {
  readonly id: string;
  readonly wrapping_key: string;
  readonly wrapped: Buffer;
}

interface StoredRow extends WrappedRow {
  readonly state: DataKeyState;
  /** A bigint, which the driver returns as text. */
  readonly seals: string;
  readonly created_at: Date;
}

/** As an SQL identifier. */
export function dataKeyTable(schema: string): string {
  return `${pg.escapeIdentifier(schema)}.data_key`;
}

/** The oldest first; none where the sealing's migrations were never applied. Reads only. */
export async function storedDataKeys(
  pool: Pool,
  schema: string,
): Promise<readonly StoredDataKey[]> {
  const { rows } = await fromDatabase(
    pool.query<{ exists: boolean }>("select to_regclass($1) is not null as exists", [
      dataKeyTable(schema),
    ]),
  );
  return rows[0]?.exists === true ? dataKeyStore(pool, schema).all() : [];
}

/** @param schema where the sealing's migrations were applied */
export function dataKeyStore(pool: Pool, schema: string): DataKeyStore {
  const table = dataKeyTable(schema);
  const ask = <Row extends object>(text: string, values: readonly unknown[] = []) =>
    fromDatabase(pool.query<Row>(text, [...values]));
  const isChanged = async (text: string, values: readonly unknown[]) =>
    (await ask(text, values)).rowCount === 1;

  const insert = `insert into ${table} (id, state, wrapping_key, wrapped) values ($1, 'current', $2, $3)`;
  const insertCurrent = (connection: Connection, next: WrappedDataKey) =>
    fromDatabase(connection.query(insert, [...valuesOf(next)]));
  /** False, and nothing done, when another process made one current at the same moment. */
  const unlessBeaten = async (change: (connection: Connection) => Promise<boolean>) => {
    try {
      return await inTransaction(pool, change);
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  };

  return {
    take: async (count, most) => {
      const { rows } = await ask<WrappedRow>(
        `update ${table} set seals = seals + $1 where state = 'current' and seals + $1 <= $2
         returning id, wrapping_key, wrapped`,
        [count, most],
      );
      return rows[0] === undefined ? null : wrappedOf(rows[0]);
    },
    ofId: async (id) => {
      const text = `select id, wrapping_key, wrapped from ${table} where id = $1`;
      const { rows } = await ask<WrappedRow>(text, [id]);
      return rows[0] === undefined ? null : wrappedOf(rows[0]);
    },
    all: async () => {
      const text = `select id, state, wrapping_key, wrapped, seals, created_at from ${table} order by created_at, id`;
      return (await ask<StoredRow>(text)).rows.map(storedOf);
    },
    begin: (first) => isChanged(`${insert} on conflict do nothing`, valuesOf(first)),
    succeed: (full, next) =>
      unlessBeaten(async (connection) => {
        const text = `update ${table} set state = 'full' where id = $1 and state = 'current'`;
        const { rowCount } = await fromDatabase(connection.query(text, [full]));
        if (rowCount === 0) return false;
        await insertCurrent(connection, next);
        return true;
      }),
    retireAll: (next, lost) =>
      unlessBeaten(async (connection) => {
        const text = `update ${table} set state = case when id = any ($1) then 'left' else 'retiring' end
                      where not exists (select from ${table} where state = 'retiring')`;
        const { rowCount } = await fromDatabase(connection.query(text, [[...lost]]));
        if (rowCount === 0) return false;
        await insertCurrent(connection, next);
        return true;
      }),
    rewrap: (from, to) =>
      isChanged(
        `update ${table} set wrapping_key = $4, wrapped = $5
         where id = $1 and wrapping_key = $2 and wrapped = $3`,
        [...valuesOf(from), to.wrappingKey, to.wrapped],
      ),
    assertKept: async () => {
      const { rows } = await ask<{ table: string }>(LETTING_GO, [table]);
      if (rows[0] !== undefined) throw lettingGo(rows.map((row) => row.table));
    },
    drop: async (id) => {
      try {
        await ask(`delete from ${table} where id = $1 and state <> 'current'`, [id]);
        return true;
      } catch (error) {
        if (isMissingReference(error)) return false;
        throw error;
      }
    },
    leave: async (id) => {
      await ask(`update ${table} set state = 'left' where id = $1 and state = 'retiring'`, [id]);
    },
  };
}

/**
 * The tables with a foreign key to the table $1 that does not refuse a delete there, those of capabilities that this
 * process does not know among them. "a" is no action, "r" is restrict; all others delete rows, or empty columns.
 */
const LETTING_GO = `
  select conrelid::regclass::text as table from pg_constraint
  where contype = 'f' and confrelid = $1::regclass and confdeltype not in ('a', 'r') order by 1`;

function lettingGo(tables: readonly string[]): SignpostError {
  return new SignpostError(
    "INTERNAL",
    `A data key cannot be dropped: that would delete or change rows of ${tables.join(", ")}, whose foreign keys to data_key have a delete action. Please report it.`,
  );
}

function valuesOf({ id, wrappingKey, wrapped }: WrappedDataKey): readonly unknown[] {
  return [id, wrappingKey, wrapped];
}

function wrappedOf({ id, wrapping_key: wrappingKey, wrapped }: WrappedRow): WrappedDataKey {
  return { id, wrappingKey, wrapped: plainBytes(wrapped) };
}

function storedOf(row: StoredRow): StoredDataKey {
  return {
    ...wrappedOf(row),
    state: row.state,
    seals: BigInt(row.seals),
    createdMs: row.created_at.getTime(),
  };
}
