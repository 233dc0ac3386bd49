/** What changed in an account, in the order of its changes, and the same of another storage taken in. */
import { SignpostError } from "../../errors.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { FeedPlace, RowKind } from "../../storage/place.js";
import type { StoredRow } from "../../storage/rows.js";
import type { FeedPiece, FeedStore } from "../../storage/store.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, changeAccount } from "./changeAccount.js";
import type { StorageTables } from "./storageTables.js";
import { takeRows } from "./takeRows.js";

interface FeedRow {
  readonly kind: RowKind;
  readonly change: string;
  readonly number: string;
  readonly contact: string;
  readonly version: string;
  readonly at: string;
  readonly flag: boolean;
  /** Of a conversation its profile location, of a message its container. */
  readonly content: string;
  readonly moved_to: string | null;
  readonly id: Buffer | null;
}

/** Of one piece; the first row always comes. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** Above all numbers. */
const LAST = "9223372036854775807";

export function feedStore(pool: Pool, tables: StorageTables, bounds: StorageBounds): FeedStore {
  const text = feedStatement(tables);
  return {
    changes: async (account, place, limit): Promise<FeedPiece> => {
      const values = [account, place.change, ...behind(place), limit];
      const { rows } = await fromDatabase(pool.query<FeedRow>({ name: "feed", text, values }));
      const last = rows.at(-1);
      return { rows: rows.map(storedRow), place: last === undefined ? place : placeOf(last) };
    },

    take: (account, rows, idName) =>
      changeAccount({ pool, tables }, bounds, account, async (own) => {
        if (idName !== null) await takeIdName(own, idName);
        return takeRows(own, rows);
      }),
  };
}

/** Ids made of two names would be two rows for one message. */
async function takeIdName({ connection, tables, account }: AccountChange, name: string) {
  const { rows } = await fromDatabase(
    connection.query<{ id_name: string }>(
      `update ${tables.account} set id_name = coalesce(id_name, $2) where number = $1 returning id_name`,
      [account, name],
    ),
  );
  const own = rows[0]?.id_name ?? name;
  if (own === name) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The ids of these rows are made of ${JSON.stringify(name)}, and those of this account of ${JSON.stringify(own)}. Take them into an account that has no messages yet.`,
  );
}

/** The number behind which each kind begins, of those with the place's own number of change. */
function behind({ kind, number }: FeedPlace): readonly [conversation: string, message: string] {
  return kind === "conversation" ? [String(number), "0"] : [LAST, String(number)];
}

/**
 * Its parameters: account, number of change, behind which conversation and which message of that number, how many. The piece is
 * chosen by what stands in the rows, before any container is read.
 */
function feedStatement({ conversation, message }: StorageTables): string {
  return `
    with found as (
      (
        select 'conversation' as kind, 0 as rank, change, number, length(contact) + length(profile_location) as bytes
        from ${conversation}
        where account = $1 and (change, number) > ($2, $3) and deleted_hash is null
        order by change, number limit $5
      ) union all (
        select 'message', 1, change, number, bytes
        from ${message}
        where account = $1 and (change, number) > ($2, $4)
          and conversation <> all(array(select number from ${conversation} where account = $1 and deleted_hash is not null))
        order by change, number limit $5
      )
      order by change, rank, number limit $5
    ), page as (
      select *, sum(bytes) over (order by change, rank, number) - bytes as ahead from found
    ), chosen as (
      select * from page where ahead < ${PIECE_BYTES}
    )
    select kind, rank, chosen.change, chosen.number, c.contact, c.version, c.updated as at, c.is_hidden as flag,
      c.profile_location as content, c.moved_to, null as id
    from chosen join ${conversation} c on kind = 'conversation' and c.number = chosen.number
    union all
    select kind, rank, chosen.change, chosen.number, c.contact, m.version, m.created, m.is_halted,
      m.container, null, m.id
    from chosen join ${message} m on kind = 'message' and (m.account, m.change, m.number) = ($1, chosen.change, chosen.number)
      join ${conversation} c on c.number = m.conversation
    order by change, rank, number`;
}

function placeOf({ change, kind, number }: FeedRow): FeedPlace {
  return { change: Number(change), kind, number: Number(number) };
}

function storedRow(row: FeedRow): StoredRow {
  const { kind, contact, flag, content } = row;
  const version = Number(row.version);
  if (kind === "conversation" || row.id === null) {
    return {
      ...{ kind: "conversation", contact, version, profileLocation: content, isHidden: flag },
      ...{ updatedMs: Number(row.at), movedTo: row.moved_to },
    };
  }
  return {
    ...{ kind, contact, version, id: digestOf(row.id), isHalted: flag, container: content },
    createdMs: Number(row.at),
  };
}
