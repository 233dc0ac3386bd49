/** The domains that somebody follows. One is followed as soon as its feed is opened for the first time. */
import { SignpostError } from "../../errors.js";
import { noSuchDomain } from "../../registry/domains/noSuchDomain.js";
import type { FeedPlace } from "../../registry/feed/changeFeed.js";
import { inBoundedTransaction } from "../boundedTransaction.js";
import { fromDatabase } from "../databaseError.js";
import { ownDomain } from "../domainLocks.js";
import { domainsHolding } from "../domainRow.js";
import type { Pool } from "../pool.js";

export interface FollowedDomain {
  /** A UUID. */
  readonly feed: string;
  /** The last number that was given. */
  readonly last: bigint;
  /** Whether a change has no number yet. */
  readonly isDue: boolean;
}

interface FollowedRow {
  readonly feed: string;
  /** A bigint, which the driver returns as text. */
  readonly last: string;
  readonly is_due: boolean;
  readonly is_same_place: boolean;
}

const FOLLOWED = {
  name: "followed-domain",
  text: `select feed, last, place = place_of_database() as is_same_place,
      exists (select from changed_name where domain = $1 and number is null) as is_due
    from followed_domain where domain = $1`,
};

const BEGIN = `insert into followed_domain (domain, place) values ($1, place_of_database()) on conflict do nothing`;

/** A restored database may give numbers again that a follower had from the lost one, to other changes. */
const RENEW = `
  update followed_domain set feed = gen_random_uuid(), place = place_of_database()
  where domain = $1 and place <> place_of_database()`;

/** Begins the domain's feed where there is none. Throws NOT_FOUND without the domain, LIMIT_EXCEEDED as `begin` does. */
export async function followDomain(pool: Pool, domain: string): Promise<FollowedDomain> {
  const known = await followedDomain(pool, domain);
  if (known?.is_same_place === true) return followed(known);
  if (known === null) await begin(pool, domain);
  else await fromDatabase(pool.query(RENEW, [domain]));
  const begun = await followedDomain(pool, domain);
  if (begun === null) throw noSuchDomain(domain);
  return followed(begun);
}

/** Ends its feed: whoever followed it begins anew. False where nobody did. Waits as `begin` does. */
export function endFeed(pool: Pool, domain: string): Promise<boolean> {
  return inBoundedTransaction(pool, async (connection) => {
    // a change that is under way would refer to it
    await ownDomain(connection, domain);
    const text = "delete from followed_domain where domain = $1";
    return (await fromDatabase(connection.query(text, [domain]))).rowCount === 1;
  });
}

/** Throws CURSOR_OUTDATED for a place of another feed, or one that this has not reached. */
export function assertReached(
  { feed, last }: FollowedDomain,
  { feed: its, number }: FeedPlace,
): void {
  if (its === feed && number <= last) return;
  throw new SignpostError(
    "CURSOR_OUTDATED",
    "This cursor is of another feed: of another domain, or of the time before this database was restored. Read the feed from its beginning, without a cursor.",
    {},
  );
}

/**
 * What writers of the domain had begun before is committed then, and what they begin afterwards is noted. They wait meanwhile.
 * Throws LIMIT_EXCEEDED where they take too long.
 */
async function begin(pool: Pool, domain: string): Promise<void> {
  await inBoundedTransaction(pool, async (connection) => {
    await ownDomain(connection, domain);
    if ((await domainsHolding(connection, [domain])).get(domain)?.name !== domain) {
      throw noSuchDomain(domain);
    }
    await fromDatabase(connection.query(BEGIN, [domain]));
  });
}

async function followedDomain(pool: Pool, domain: string): Promise<FollowedRow | null> {
  const question = { ...FOLLOWED, values: [domain] };
  const { rows } = await fromDatabase(pool.query<FollowedRow>(question));
  return rows[0] ?? null;
}

function followed({ feed, last, is_due: isDue }: FollowedRow): FollowedDomain {
  return { feed, last: BigInt(last), isDue };
}
