/** Messages into a conversation that is there, with what it then has: one statement, as nearly all additions are so. */
import type { Digest } from "../../abi/digest.js";
import { sha256OfText } from "../../abi/sha256.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { CONTAINER, GIVEN, valuesOf, type WrittenMessage } from "./messageRows.js";

interface AddedRow {
  /** Null where all were known. */
  readonly id: Buffer | null;
  readonly bytes: number | null;
}

/**
 * Keeps those that the account does not have, and counts them; returns their ids. Null where it has no conversation of this
 * contact that did not go into another one: then nothing is done.
 */
export async function addToConversation(
  own: AccountChange,
  contact: string,
  messages: readonly WrittenMessage[],
): Promise<readonly Digest[] | null> {
  const { connection, tables, account, change } = own;
  const { rows } = await fromDatabase(
    connection.query<AddedRow>({
      name: "add-to-conversation",
      text: `
        with own as (
          select number from ${tables.conversation}
          where (account, contact_hash) = ($1, $10) and moved_to is null
        ), ${GIVEN}, added as (
          insert into ${tables.message}
            (account, conversation, change, id, created, is_halted, version, bytes, is_plain, container)
          select $1::bigint, own.number, $11::bigint, g.id, g.created, g.is_halted, g.version, g.bytes, g.is_plain, ${CONTAINER}
          from own, given g order by g.at
          on conflict (account, id) do nothing returning id, bytes
        ), noted as (
          update ${tables.conversation} c set messages = messages + news.count, updated = $11, change = $11
          from own, (select count(*)::integer as count from added) news
          where c.number = own.number and news.count > 0
        )
        select added.id, added.bytes from own left join added on true`,
      values: [account, ...valuesOf(messages, change), sha256OfText(contact), change],
    }),
  );
  if (rows.length === 0) return null;
  const added = rows.flatMap(({ id, bytes }) => (id === null ? [] : [{ id, bytes: bytes ?? 0 }]));
  own.count({ messages: added.length, bytes: added.reduce((sum, { bytes }) => sum + bytes, 0) });
  return added.map(({ id }) => digestOf(id));
}
