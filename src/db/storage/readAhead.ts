/**
 * Conversations of a request that names many contacts, read many at once, with those in which they go on: one by one they would be a
 * statement for each step of each.
 */
import { sha256OfText } from "../../abi/sha256.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import {
  CONVERSATION_COLUMNS,
  type ConversationColumns,
  keyOfContact,
  knownConversation,
} from "./knownConversation.js";
import { MOST_MOVES } from "./moveConversation.js";

/** So many rows of a request are worked on with what was read for them: a contact may have 4,096 characters. */
const ROWS_AT_ONCE = 50;

interface ReachedRow extends ConversationColumns {
  /** After how many moves at the least. */
  readonly moves: number;
}

/**
 * Runs `work` with some rows after the others, for which the conversations of their contacts are read ahead.
 * @param contactsOf those that the work with a row begins at
 */
export async function withReadAhead<Row>(
  own: AccountChange,
  rows: readonly Row[],
  contactsOf: (row: Row) => readonly string[],
  work: (own: AccountChange, row: Row) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows.slice(at, at + ROWS_AT_ONCE);
    const readAhead = await conversationsFrom(own, some.flatMap(contactsOf));
    for (const row of some) await work({ ...own, readAhead }, row);
  }
}

async function conversationsFrom(
  { connection, tables, account }: AccountChange,
  contacts: readonly string[],
): Promise<NonNullable<AccountChange["readAhead"]>> {
  const { rows } = await fromDatabase(
    connection.query<ReachedRow>({
      name: "conversations-of-contacts",
      text: `
        with recursive reached as (
          select number, moved_to, 0 as moves from ${tables.conversation}
          where account = $1 and contact_hash = any($2::bytea[])
          union
          select c.number, c.moved_to, r.moves + 1
          from reached r cross join lateral (
            select number, moved_to from ${tables.conversation}
            where (account, contact_hash) = ($1, sha256(convert_to(r.moved_to, 'UTF8'))) limit 1
          ) c
          where r.moves < ${MOST_MOVES}
        ), nearest as (
          select number, min(moves) as moves from reached group by number
        )
        select ${CONVERSATION_COLUMNS}, moves from nearest join ${tables.conversation} using (number)`,
      values: [account, contacts.map((contact) => sha256OfText(contact))],
    }),
  );
  const found = new Map(rows.map((row) => [keyOfContact(row.contact), knownConversation(row)]));
  // behind the last move nobody has looked
  const looked = rows.flatMap(({ moved_to, moves }) =>
    moved_to === null || moves === MOST_MOVES ? [] : [moved_to],
  );
  const keys = [...contacts, ...looked].map(keyOfContact);
  return new Map([...found, ...keys.map((key) => [key, found.get(key) ?? null] as const)]);
}
