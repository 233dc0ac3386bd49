/** Messages of an account, deleted, and counted off their conversations and the account. */
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";

export interface DeletedRow {
  /** A message's id, or the hash of a contact. */
  readonly key: Buffer;
  readonly version: string;
  readonly bytes: number;
}

/**
 * @param chosen a statement that returns `account` and `id` of each
 * @param values its parameters
 */
export async function deleteMessages(
  { connection, tables, count }: AccountChange,
  chosen: string,
  values: readonly unknown[],
): Promise<readonly DeletedRow[]> {
  const { rows } = await fromDatabase(
    connection.query<DeletedRow>(
      `with gone as (
         delete from ${tables.message} where (account, id) in (${chosen})
         returning conversation, bytes, id, version
       ), counted as (
         update ${tables.conversation} c set messages = c.messages - g.messages
         from (select conversation, count(*) as messages from gone group by conversation) g
         where c.number = g.conversation
       )
       select id as key, version, bytes from gone`,
      [...values],
    ),
  );
  count({ messages: -rows.length, bytes: -bytesOf(rows) });
  return rows;
}

export const bytesOf = (rows: readonly { readonly bytes: number }[]): number =>
  rows.reduce((sum, { bytes }) => sum + bytes, 0);
