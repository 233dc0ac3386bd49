/** Rows of messages, written many in one statement. */
import type { Digest } from "../../abi/digest.js";
import type { NewMessage } from "../../storage/store.js";
import { textOfKey } from "../batchedLookup.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";
import { bytesOfContainer, packed } from "./packedContainers.js";

export interface WrittenMessage extends NewMessage {
  readonly version?: number;
}

/** By the text of its id. */
export type KnownMessages = ReadonlyMap<string, KnownMessage>;

interface KnownMessage {
  readonly conversation: number;
  readonly bytes: number;
  readonly isHalted: boolean;
  readonly version: number;
}

/** Of those ids, the ones that the account has. */
export async function knownMessages(
  { connection, tables, account }: AccountChange,
  ids: readonly Digest[],
): Promise<KnownMessages> {
  const { rows } = await fromDatabase(
    connection.query<{
      id: Buffer;
      conversation: string;
      bytes: number;
      is_halted: boolean;
      version: string;
    }>({
      name: "known-messages",
      text: `select id, conversation, bytes, is_halted, version from ${tables.message}
             where account = $1 and id = any($2::bytea[])`,
      values: [account, ids],
    }),
  );
  return new Map(
    rows.map(({ id, conversation, bytes, is_halted, version }) => [
      textOfKey(id),
      { conversation: Number(conversation), bytes, isHalted: is_halted, version: Number(version) },
    ]),
  );
}

/**
 * Keeps those that the account does not have, and counts them; returns their ids.
 * @param conversations that of each
 */
export async function insertMessages(
  own: AccountChange,
  conversations: readonly number[],
  messages: readonly WrittenMessage[],
): Promise<readonly Digest[]> {
  if (messages.length === 0) return [];
  const { connection, tables, account, change } = own;
  const { rows } = await fromDatabase(
    connection.query<{ id: Buffer; bytes: number }>({
      name: "insert-messages",
      text: `
        with ${GIVEN}
        insert into ${tables.message} 
          (account, conversation, change, id, created, is_halted, version, bytes, is_plain, container)
        select $1::bigint, ($10::bigint[])[g.at], $11::bigint, g.id, g.created, g.is_halted, g.version, g.bytes, g.is_plain, ${CONTAINER}
        from given g order by g.at
        on conflict (account, id) do nothing returning id, bytes`,
      values: [account, ...valuesOf(messages, change), conversations, change],
    }),
  );
  own.count({ messages: rows.length, bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0) });
  return rows.map(({ id }) => digestOf(id));
}

/**
 * Gives messages that the account has other containers, and counts what those take.
 * @param conversations that of each; null: each keeps its conversation, its time, and whether it waits
 */
export async function rewriteMessages(
  own: AccountChange,
  known: KnownMessages,
  messages: readonly WrittenMessage[],
  conversations: readonly number[] | null,
): Promise<void> {
  if (messages.length === 0) return;
  const { connection, tables, account, change } = own;
  await fromDatabase(
    connection.query({
      name: "rewrite-messages",
      text: `
        with ${GIVEN}
        update ${tables.message} m
        set container = ${CONTAINER}, bytes = g.bytes, is_plain = g.is_plain, change = $10::bigint,
            version = greatest(m.version + 1, g.version), conversation = coalesce(($11::bigint[])[g.at], m.conversation),
            is_halted = case when $11 is null then m.is_halted else g.is_halted end,
            created = case when $11 is null then m.created else g.created end
        from given g where (m.account, m.id) = ($1, g.id)`,
      values: [account, ...valuesOf(messages, change), change, conversations],
    }),
  );
  const more = messages.map(
    ({ id, container }) => bytesOfContainer(container) - (known.get(textOfKey(id))?.bytes ?? 0),
  );
  own.count({ bytes: more.reduce((sum, bytes) => sum + bytes, 0) });
}

/**
 * The containers are in one piece of bytes, and cut by where they begin and how long they are: so there is one statement, prepared
 * once, for any number of messages, and nothing in them is escaped.
 */
export const GIVEN = `given as (
          select * from unnest($2::bytea[], $3::bigint[], $4::boolean[], $5::bigint[], $6::integer[], $7::boolean[], $8::integer[])
            with ordinality as g(id, created, is_halted, version, bytes, is_plain, first_byte, at)
        )`;
export const CONTAINER = "convert_from(substring($9::bytea from g.first_byte for g.bytes), 'UTF8')";

export function valuesOf(messages: readonly WrittenMessage[], change: number): readonly unknown[] {
  const { memory, starts, lengths, plain } = packed(messages);
  return [
    messages.map(({ id }) => id),
    messages.map(({ createdMs }) => createdMs),
    messages.map(({ isHalted }) => isHalted),
    messages.map(({ version = change }) => version),
    ...[lengths, plain, starts.map((start) => start + 1), memory],
  ];
}
