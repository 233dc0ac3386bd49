/** Messages of an account. */
import { sha256OfText } from "../../abi/sha256.js";
import { boundsOfClearing, type StorageBounds } from "../../storage/bounds.js";
import { rowBytes } from "../../storage/jsonBytes.js";
import type { ListedMessage, MessageStore } from "../../storage/store.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { changeAccount } from "./changeAccount.js";
import { clearHalted } from "./clearHalted.js";
import { deleteMessage } from "./deleteMessage.js";
import { joinStatement, joinValues, textsTo } from "./joinedMessages.js";
import { messageStatements } from "./messageStatements.js";
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

export function messageStore(
  pool: Pool,
  tables: StorageTables,
  bounds: StorageBounds,
): MessageStore {
  const here = { pool, tables, bounds };
  const statements = messageStatements(tables);
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
      listed(statements.list, [
        ...[account, sha256OfText(contact), limit, skip],
        ...[rowBytes(contact), mostBytes],
      ]),
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
      numberOf(statements.size, [
        ...[account, sha256OfText(contact), limit, skip],
        rowBytes(contact),
      ]),
    before: (account, contact, place, limit) => {
      const { createdMs = null, number = null } = place ?? {};
      return listed(statements.before, [
        ...[account, sha256OfText(contact), createdMs, number],
        ...[limit, rowBytes(contact)],
      ]);
    },
    count: (account, contact) => numberOf(statements.count, [account, sha256OfText(contact)]),
    halted: (account, place, limit) =>
      listed(statements.halted, [account, place?.number ?? 0, limit]),
    clearHalted: (account, id, contact) =>
      changeAccount(here, boundsOfClearing(bounds), account, (own) =>
        clearHalted(own, id, contact),
      ),
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
