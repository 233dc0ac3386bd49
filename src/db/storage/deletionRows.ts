/**
 * What is left of what a user deleted: the hash by which it was known. It keeps a client that sends it once more, and a storage
 * that has it yet, from bringing it back.
 */
import type { Digest } from "../../abi/digest.js";
import { textOfKey } from "../batchedLookup.js";
import { fromDatabase } from "../databaseError.js";
import type { AccountChange } from "./changeAccount.js";

interface Deletion {
  /** Or else of a conversation. */
  readonly isMessage: boolean;
  /** A message's id, or the hash of a contact. */
  readonly key: Digest;
  readonly version: number;
  /** Whether no version, however late, brings it back. */
  readonly isFinal: boolean;
}

type KnownDeletions = ReadonlyMap<string, Pick<Deletion, "version" | "isFinal">>;

/** Of as many as may be, so many are forgotten at once where there are more: all are looked at for that. */
const FORGOTTEN_PART = 0.01;
const NONE: KnownDeletions = new Map();

/** Those of such keys, by their texts, with those of conversations that are being deleted, and of their messages. */
export async function deletionsOf(
  { connection, tables, account, use }: AccountChange,
  isMessage: boolean,
  keys: readonly Digest[],
): Promise<KnownDeletions> {
  if (keys.length === 0 || (use.deletions === 0 && use.deleting === 0)) return NONE;
  const { rows } = await fromDatabase(
    connection.query<{ key: Buffer; version: string; is_final: boolean }>({
      name: "known-deletions",
      text: `
        select key, max(version) as version, bool_or(is_final) as is_final from (
          select key, version, is_final from ${tables.deletion}
          where account = $1 and is_message = $2 and key = any($3::bytea[])
          union all
          select id, version, true from ${tables.message}
          where $2 and account = $1 and id = any($3::bytea[]) and conversation = any(array(
            select number from ${tables.conversation} where account = $1 and deleted_hash is not null
          ))
          union all
          select deleted_hash, version, false from ${tables.conversation}
          where not $2 and account = $1 and deleted_hash = any($3::bytea[])
        ) found group by key`,
      values: [account, isMessage, keys],
    }),
  );
  return new Map(
    rows.map(({ key, version, is_final: isFinal }) => [
      textOfKey(key),
      { version: Number(version), isFinal },
    ]),
  );
}

/** Of two of one thing the later version stays. Those of one change are told in the order in which they are given. */
export async function noteDeletions(
  own: AccountChange,
  deletions: readonly Deletion[],
): Promise<void> {
  if (deletions.length === 0) return;
  const { connection, tables, account, change } = own;
  const { rows } = await fromDatabase(
    connection.query<{ is_new: boolean }>({
      name: "note-deletions",
      text: `
        insert into ${tables.deletion} as d (account, change, is_message, key, version, is_final)
        select $1::bigint, $2::bigint, g.*
        from unnest($3::boolean[], $4::bytea[], $5::bigint[], $6::boolean[]) g
        on conflict (account, is_message, key) do update
        set change = excluded.change, number = default, version = greatest(d.version, excluded.version),
            is_final = d.is_final or excluded.is_final
        returning xmax = 0 as is_new`,
      values: [
        ...[account, change],
        deletions.map(({ isMessage }) => isMessage),
        deletions.map(({ key }) => key),
        deletions.map(({ version }) => version),
        deletions.map(({ isFinal }) => isFinal),
      ],
    }),
  );
  own.count({ deletions: rows.filter(({ is_new }) => is_new).length });
  const { mostDeletions, use } = own;
  const tooMany = use.deletions - mostDeletions;
  if (tooMany <= 0) return;
  // those first that say only that something was old
  const count = tooMany + Math.floor(mostDeletions * FORGOTTEN_PART);
  await forgetDeletions(own, Number.MAX_SAFE_INTEGER, count, "is_final, change, number");
}

/** Of messages that came back by a later version. */
export async function dropDeletions(
  { connection, tables, account, count }: AccountChange,
  ids: readonly Digest[],
): Promise<void> {
  if (ids.length === 0) return;
  const { rowCount } = await fromDatabase(
    connection.query({
      name: "drop-deletions",
      text: `delete from ${tables.deletion} where account = $1 and is_message and key = any($2::bytea[])`,
      values: [account, ids],
    }),
  );
  count({ deletions: -(rowCount ?? 0) });
}

/** Forgets so many of those before a number of change, and notes up to which; returns how many. Whoever follows the changes is told. */
export async function forgetDeletions(
  own: AccountChange,
  before: number,
  limit: number,
  order: "change, number" | "is_final, change, number" = "change, number",
): Promise<number> {
  const { connection, tables, account } = own;
  const { rows } = await fromDatabase(
    connection.query<{ forgotten: string }>({
      name: `forget-deletions by ${order}`,
      text: `
        with gone as (
          delete from ${tables.deletion} where (account, is_message, key) in (
            select account, is_message, key from ${tables.deletion}
            where account = $1 and change < $2 order by ${order} limit $3
          ) returning change, number
        ), last as (
          select change, number from gone order by change desc, number desc limit 1
        ), noted as (
          update ${tables.account} a set forgotten = last.change, forgotten_number = last.number from last
          where a.number = $1 and (last.change, last.number) > (a.forgotten, a.forgotten_number)
        )
        select count(*) as forgotten from gone`,
      values: [account, before, limit],
    }),
  );
  const forgotten = Number(rows[0]?.forgotten ?? 0);
  own.count({ deletions: -forgotten });
  return forgotten;
}
