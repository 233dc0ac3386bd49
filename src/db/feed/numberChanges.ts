/** Gives numbers to changes that have none yet, in the order in which they were noted. */
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { inTransaction } from "../transaction.js";

/** Writers of these names wait until the numbers are committed, some tens of milliseconds. */
const MOST_NUMBERED = 1_000;

/** One at a time for each domain; "no key", so that writers may refer to the row meanwhile. */
const LOCK = {
  name: "lock-followed-domain",
  text: "select last from followed_domain where domain = $1 for no key update",
};

/** A row that a writer has locked is left: it is noted anew with what that writes. */
const NUMBER = {
  name: "number-changes",
  text: `with due as (
      select node, noted_at from changed_name where domain = $1 and number is null
      order by noted_at, node limit $2 for update skip locked
    ), numbered as (
      select node, f.last + row_number() over (order by noted_at, node) as number
      from due, followed_domain f where f.domain = $1
    ), given as (
      update changed_name c set number = numbered.number from numbered
      where c.domain = $1 and c.node = numbered.node
      returning c.number
    )
    update followed_domain set last = (select max(number) from given)
    where domain = $1 and exists (select from given)
    returning last, (select count(*) from given) as given`,
};

export interface Numbered {
  /** The last number that was given. */
  readonly last: bigint;
  /** Whether all that was committed before has its number now, but for names that are being changed again. */
  readonly isWhole: boolean;
}

export async function numberChanges(
  pool: Pool,
  domain: string,
  most = MOST_NUMBERED,
): Promise<Numbered> {
  return inTransaction(pool, async (connection) => {
    // a follower must not have a number that a crash of the server takes back
    await fromDatabase(connection.query("set local synchronous_commit = on"));
    const lock = { ...LOCK, values: [domain] };
    const { rows: locked } = await fromDatabase(connection.query<{ last: string }>(lock));
    const number = { ...NUMBER, values: [domain, most] };
    const { rows } = await fromDatabase(connection.query<{ given: string; last: string }>(number));
    const last = BigInt((rows[0] ?? locked[0])?.last ?? 0);
    return { last, isWhole: Number(rows[0]?.given ?? 0) < most };
  });
}
