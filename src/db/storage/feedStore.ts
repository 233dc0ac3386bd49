/** What changed in an account, in the order of its changes, and the same of another storage taken in. */
import { SignpostError } from "../../errors.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type { FeedPlace } from "../../storage/place.js";
import type { FeedPiece, FeedStore } from "../../storage/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { type AccountChange, accountIsGone, changeAccount } from "./changeAccount.js";
import { type FeedRow, feedStatement, feedValues, storedRow } from "./feedStatement.js";
import type { StorageTables } from "./storageTables.js";
import { takeRows } from "./takeRows.js";

export function feedStore(pool: Pool, tables: StorageTables, bounds: StorageBounds): FeedStore {
  const text = feedStatement(tables);
  return {
    changes: async (account, place, limit): Promise<FeedPiece> => {
      const values = [...feedValues(account, place, limit)];
      const { rows } = await fromDatabase(pool.query<FeedRow>({ name: "feed", text, values }));
      const [first] = rows;
      if (first === undefined) throw accountIsGone();
      const begun = begunAt(place, first);
      return {
        rows: rows.map(storedRow).filter((row) => row !== null),
        place: { ...begun, ...placeOf(rows.at(-1)) },
      };
    },

    take: (account, rows, idName) =>
      changeAccount({ pool, tables, bounds }, bounds, account, async (own) => {
        if (idName !== null) await takeIdName(own, idName);
        return takeRows(own, rows);
      }),
  };
}

/** With the number of change at which the reading began: now, if it is its first piece. Throws CHANGES_FORGOTTEN. */
function begunAt(place: FeedPlace, { last_change, ...row }: FeedRow): FeedPlace {
  const isFirst = place.change === 0 && place.since === 0;
  if (isFirst) return { ...place, since: Number(last_change) };
  // what was deleted before the reading began, it never met
  const forgotten = Number(row.forgotten);
  const read = place.kind === "deletion" ? place.number : 0;
  const isBehind = forgotten === place.change && Number(row.forgotten_number) > read;
  if (forgotten > place.since && (forgotten > place.change || isBehind)) throw forgottenBehind();
  return place;
}

/** Nothing where nothing changed. */
function placeOf(last: FeedRow | undefined): Partial<FeedPlace> {
  if (last === undefined || last.kind === null) return {};
  return { change: Number(last.change), kind: last.kind, number: Number(last.number) };
}

function forgottenBehind(): SignpostError {
  return new SignpostError(
    "CHANGES_FORGOTTEN",
    "What was deleted behind this cursor is no longer known. Read all from the beginning, with an empty cursor, and delete what does not come (DELETE /messages/:id).",
  );
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
