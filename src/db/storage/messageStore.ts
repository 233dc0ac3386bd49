/** Messages of an account. */
import { sha256OfText } from "../../abi/sha256.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { ListedMessage, MessageStore } from "../../storage/store.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { changeAccount } from "./changeAccount.js";
import { clearHalted } from "./clearHalted.js";
import { deleteMessage } from "./deleteMessage.js";
import { joinStatement, joinValues, textsTo } from "./joinedMessages.js";
import { addMessages, editMessages } from "./putMessages.js";
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

export function messageStore(
  pool: Pool,
  tables: StorageTables,
  bounds: StorageBounds,
): MessageStore {
  const here = { pool, tables, bounds };
  const statements = statementsOn(tables);
  const joining = joinStatement(tables);
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
      changeAccount(here, bounds, account, (own) => addMessages(own, contact, messages)),
    edit: (account, contact, messages) =>
      changeAccount(here, bounds, account, (own) => editMessages(own, contact, messages)),
    remove: (account, id) => changeAccount(here, null, account, (own) => deleteMessage(own, id)),

    list: (account, contact, { limit, skip }, mostBytes) =>
      listed(statements.list, [account, sha256OfText(contact), limit, skip, mostBytes]),
    join: async (account, contact, page, mostBytes, form, add) => {
      const values = joinValues(account, contact, page, mostBytes, form);
      const types = textsTo(add);
      const { rows } = await fromDatabase(
        pool.query<{ tail: string }>({ ...joining, values: [...values], types }),
      );
      const [first] = rows;
      if (first !== undefined) add(first.tail);
      return first !== undefined;
    },
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
    halted: (account, place, limit) =>
      listed(statements.halted, [account, place?.number ?? 0, limit]),
    clearHalted: (account, id, contact) =>
      changeAccount(here, bounds, account, (own) => clearHalted(own, id, contact)),
  };
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
    /** Behind which number; how many. */
    halted: {
      name: "halted-messages",
      text: `
        with page as (
          select number, sum(bytes) over (order by number) - bytes as ahead from (
            select number, bytes from ${message} where account = $1 and is_halted and number > $2::bigint
              and conversation <> all(array(select number from ${conversation} where account = $1 and deleted_hash is not null))
            order by number limit $3
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
