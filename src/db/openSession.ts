/** A session begins, while its wallet is the domain's owner and may sign in: one at a time of each domain. */
import { SignpostError } from "../errors.js";
import {
  MOST_OPENED,
  MOST_SESSIONS,
  type NewSession,
  SESSION_MINUTES,
  USED_SESSION_DAYS,
} from "../registry/domains/session.js";
import type { DomainStore } from "../registry/store.js";
import { KEY_PARAMETERS, valuesOfKey } from "./apiKeyStore.js";
import { inBoundedTransaction } from "./boundedTransaction.js";
import { fromDatabase } from "./databaseError.js";
import { shareDomains } from "./domainLocks.js";
import type { Pool } from "./pool.js";
import type { Connection } from "./transaction.js";

/** Until the end of the transaction the owner stays and may sign in, and names below it are changed as before. */
const OWNED =
  "select from domain where name = $1 and owner = $2 and owner_signs_in for no key update";

/** None before its hour is over, also when it was ended: until then its signature could open another one. Histories name those that were used. */
const FORGET_ENDED = `
  delete from api_key where domain = $1 and expires_at <= now()
    and (last_used_at is null or expires_at <= now() - interval '${USED_SESSION_DAYS} days')`;

const OPENED = `
  select count(*) as count, extract(epoch from min(expires_at) - now()) as seconds
  from api_key where domain = $1 and expires_at > now()`;

const OPEN = `
  insert into api_key (domain, hash, label, scopes, changes_per_minute, changes_per_day, wallet, session_digest, expires_at)
  values ($1, ${KEY_PARAMETERS}, $7, $8, now() + interval '${SESSION_MINUTES} minutes')
  on conflict (session_digest) do nothing returning expires_at`;

const END_OLDEST = `
  update api_key set revoked_at = now() where id in (
    select id from api_key where domain = $1 and expires_at > now() and revoked_at is null
    order by id desc offset ${MOST_SESSIONS}
  )`;

/** Throws as `DomainStore.openSession`. */
export function openSession(
  pool: Pool,
  { domain, wallet, digest, key }: NewSession,
  assertStillInTime: () => void,
): ReturnType<DomainStore["openSession"]> {
  return inBoundedTransaction(pool, async (connection) => {
    // the domain is not removed meanwhile, which takes its keys first
    await shareDomains(connection, [domain]);
    if ((await rowsOf(connection, OWNED, [domain, wallet])).length === 0) return null;
    await rowsOf(connection, FORGET_ENDED, [domain]);
    await assertFewOpened(connection, domain);
    // others may have had their turn first
    assertStillInTime();
    const values = [domain, ...valuesOfKey(key), wallet, digest];
    const [opened] = await rowsOf<{ expires_at: Date }>(connection, OPEN, values);
    if (opened === undefined) throw usedBefore(domain);
    await rowsOf(connection, END_OLDEST, [domain]);
    return { expiresMs: opened.expires_at.getTime() };
  });
}

async function assertFewOpened(connection: Connection, domain: string): Promise<void> {
  const [row] = await rowsOf<{ count: string; seconds: string | null }>(connection, OPENED, [
    domain,
  ]);
  if (Number(row?.count ?? 0) < MOST_OPENED) return;
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    `At most ${MOST_OPENED} sessions of a domain begin within ${SESSION_MINUTES} minutes. Wait, or use an API key.`,
    { limit: MOST_OPENED, retryAfterSec: Math.ceil(Number(row?.seconds ?? 0)) },
  );
}

async function rowsOf<Row extends object>(
  connection: Connection,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return (await fromDatabase(connection.query<Row>(text, [...values]))).rows;
}

function usedBefore(domain: string): SignpostError {
  return new SignpostError(
    "WRONG_SEQUENCE",
    "This signed request has opened a session already, and each opens one. Sign a new one, with another deadline.",
    { name: domain },
  );
}
