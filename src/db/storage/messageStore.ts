/** Messages of an account. */
import { sha256OfText } from "../../abi/sha256.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { ListedMessage, MessageStore, NewMessage } from "../../storage/store.js";
import { textOfKey } from "../batchedLookup.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, changeAccount } from "./changeAccount.js";
import { clearHalted } from "./clearHalted.js";
import {
  conversationOf,
  type KnownConversation,
  makeConversation,
  setConversation,
} from "./conversationRows.js";
import { insertMessages, knownMessages, rewriteMessages } from "./messageRows.js";
import type { StorageTables } from "./storageTables.js";

interface ListedRow {
  readonly number: string;
  readonly conversation: string;
  readonly id: Buffer;
  readonly created: string;
  readonly is_halted: boolean;
  readonly is_plain: boolean;
  readonly container: string;
}

/** Of one answer by cursor, and of halted messages. The first one always comes. */
const ANSWER_BYTES = 4 * 1024 * 1024;
const MOST_HALTED = 1_000;

export function messageStore(
  pool: Pool,
  tables: StorageTables,
  bounds: StorageBounds,
): MessageStore {
  const here = { pool, tables };
  const statements = statementsOn(tables);
  const listed = async (statement: { name: string; text: string }, values: unknown[]) => {
    const { rows } = await fromDatabase(pool.query<ListedRow>({ ...statement, values }));
    return rows.map(listedOfRow);
  };
  const numberOf = async (statement: { name: string; text: string }, values: unknown[]) => {
    const { rows } = await fromDatabase(pool.query<{ number: string }>({ ...statement, values }));
    return Number(rows[0]?.number ?? 0);
  };

  return {
    add: (account, contact, messages) =>
      changeAccount(here, bounds, account, async (own) => {
        const unique = [...firstOfEachId(messages).values()];
        const conversation = await openConversation(own, contact);
        const added = await insertMessages(own, conversation.number, unique);
        await noteAdded(own, conversation, added.length, own.change);
        const isAdded = new Set(added.map(textOfKey));
        const known = unique.map(({ id }) => id).filter((id) => !isAdded.has(textOfKey(id)));
        return { added: added.length, known };
      }),

    edit: (account, contact, messages) =>
      changeAccount(here, bounds, account, async (own) => {
        const latest = [...firstOfEachId([...messages].reverse()).values()].reverse();
        const known = await knownMessages(
          own,
          latest.map(({ id }) => id),
        );
        const isKnown = ({ id }: NewMessage) => known.has(textOfKey(id));
        const changed = latest.filter(isKnown);
        await rewriteMessages(own, known, changed, null);
        const missing = latest.filter((message) => !isKnown(message));
        if (missing.length > 0) {
          const conversation = await openConversation(own, contact);
          await insertMessages(own, conversation.number, missing);
          await noteAdded(own, conversation, missing.length, conversation.updatedMs);
        }
        return { added: missing.length, changed: changed.length };
      }),

    list: (account, contact, { limit, skip }, mostBytes) =>
      listed(statements.list, [account, sha256OfText(contact), limit, skip, mostBytes]),
    sizeOfList: (account, contact, { limit, skip }) =>
      numberOf(statements.size, [account, sha256OfText(contact), limit, skip]),
    before: (account, contact, place, limit) => {
      const { createdMs = null, number = null } = place ?? {};
      return listed(statements.before, [
        ...[account, sha256OfText(contact), createdMs, number],
        limit,
      ]);
    },
    count: (account, contact) => numberOf(statements.count, [account, sha256OfText(contact)]),
    halted: (account) => listed(statements.halted, [account]),
    clearHalted: (account, id, contact) =>
      changeAccount(here, bounds, account, (own) => clearHalted(own, id, contact)),
  };
}

/** The conversation of a contact, made where there is none; one that went into another one begins anew. */
async function openConversation(own: AccountChange, contact: string): Promise<KnownConversation> {
  return (await conversationOf(own, contact)) ?? (await makeConversation(own, contact));
}

async function noteAdded(
  own: AccountChange,
  conversation: KnownConversation,
  added: number,
  updatedMs: number,
): Promise<void> {
  if (added === 0) return;
  const messages = conversation.messages + added;
  if (conversation.movedTo !== null) {
    await setConversation(own, conversation, { messages, updatedMs, movedTo: null });
    return;
  }
  // that there are more messages in it is no newer state of it
  const { version } = conversation;
  await setConversation(own, conversation, { messages, updatedMs, version });
}

function firstOfEachId(messages: readonly NewMessage[]): ReadonlyMap<string, NewMessage> {
  const first = new Map<string, NewMessage>();
  for (const message of messages) {
    const key = textOfKey(message.id);
    if (!first.has(key)) first.set(key, message);
  }
  return first;
}

const COLUMNS = "m.number, m.conversation, m.id, m.created, m.is_halted, m.is_plain, m.container";

/** Their parameters: account, the contact's hash, and what is said of each. */
function statementsOn({ conversation, message }: StorageTables) {
  const own = `(select number from ${conversation} where (account, contact_hash) = ($1, $2))`;
  /** Behind the last one nothing is passed by. */
  const isThere = `$4::bigint < (select messages from ${conversation} where (account, contact_hash) = ($1, $2))`;
  const newestFirst = "order by created desc, number desc";
  return {
    /** How many, behind how many, and how many bytes at most. */
    list: {
      name: "list-messages",
      text: `
        select ${COLUMNS} from (
          select *, sum(bytes + 500) over () as all_bytes from (
            select * from ${message} where conversation = ${own} and ${isThere} ${newestFirst} limit $3 offset $4
          ) page
        ) m
        where all_bytes <= $5 ${newestFirst}`,
    },
    size: {
      name: "size-of-messages",
      text: `select coalesce(sum(bytes + 500), 0) as number from (
               select bytes from ${message} where conversation = ${own} and ${isThere} ${newestFirst} limit $3 offset $4
             ) page`,
    },
    /** Time and number of the place, both null for the newest; how many. */
    before: {
      name: "messages-before",
      text: `
        with page as (
          select number, created, sum(bytes) over (${newestFirst}) - bytes as ahead from (
            select number, created, bytes from ${message}
            where conversation = ${own}
              and (created, number) < (coalesce($3::bigint, 9223372036854775807), coalesce($4::bigint, 9223372036854775807))
            ${newestFirst} limit $5
          ) few
        ), last as (
          select created, number from page where ahead < ${ANSWER_BYTES} order by created, number limit 1
        )
        select ${COLUMNS} from ${message} m, last
        where m.conversation = ${own}
          and (m.created, m.number) < (coalesce($3::bigint, 9223372036854775807), coalesce($4::bigint, 9223372036854775807))
          and (m.created, m.number) >= (last.created, last.number)
        order by m.created desc, m.number desc`,
    },
    count: {
      name: "count-messages",
      text: `select messages as number from ${conversation} where (account, contact_hash) = ($1, $2)`,
    },
    halted: {
      name: "halted-messages",
      text: `
        with page as (
          select number, sum(bytes) over (order by number) - bytes as ahead from (
            select number, bytes from ${message} where account = $1 and is_halted order by number limit ${MOST_HALTED}
          ) few
        )
        select ${COLUMNS} from ${message} m
        where m.account = $1 and m.is_halted
          and m.number = any(array(select number from page where ahead < ${ANSWER_BYTES}))
        order by m.number`,
    },
  };
}

function listedOfRow(row: ListedRow): ListedMessage {
  return {
    number: Number(row.number),
    conversation: Number(row.conversation),
    id: digestOf(row.id),
    createdMs: Number(row.created),
    isHalted: row.is_halted,
    container: row.container,
    isPlain: row.is_plain,
  };
}
