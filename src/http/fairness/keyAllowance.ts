/** How much of what an API key costs others it may ask for: changes as it was told, and reads and bytes with them. */
import type { Limits } from "../../registry/access/limits.js";
import type { ApiKey } from "../../registry/domains/apiKey.js";
import { sessionsBucket } from "../../registry/domains/session.js";
import { assertWithin } from "./assertWithin.js";

/** A page of 100 names each; a million names in less than two minutes. */
const READS_PER_MINUTE = 6_000;

/** A name with a profile and its records has 1 to 4 KiB. */
const KIB_PER_CHANGE = 4;
/** A key that may change little still sends one long body. */
const LEAST_KIB_PER_MINUTE = 16 * 1024;
/** More than any connection brings; with as much again it can still be counted in 32 bits. */
const MOST_KIB_PER_MINUTE = 1_000_000_000;

/**
 * Counts `changes`. Throws LIMIT_EXCEEDED.
 *
 * @param before how many of the same request are counted already
 */
export async function takeChanges(
  limits: Limits,
  key: ApiKey,
  changes: number,
  before = 0,
): Promise<void> {
  const { changesPerMinute, changesPerDay } = key.limits;
  if (changes === 0) return;
  const { bucket, whose } = accountOf(key);
  const minute = await limits.take(`${bucket}/minute`, changesPerMinute, 60, changes);
  assertWithin(minute, {
    ...{ limit: changesPerMinute, count: before + changes },
    of: `changes a minute of ${whose}`,
  });
  // only then, so that what the minute refuses takes nothing from the day
  const day = await limits.take(`${bucket}/day`, changesPerDay, 86_400, changes);
  assertWithin(day, {
    ...{ limit: changesPerDay, count: before + changes },
    of: `changes a day of ${whose}`,
  });
}

/** Sessions of a domain change things on one account, so that a new one brings no new allowance. */
function accountOf({ id, domain, label, expiresMs }: ApiKey) {
  if (expiresMs === null) return { bucket: `key ${id}`, whose: `the API key "${label}"` };
  return { bucket: sessionsBucket(domain), whose: `all sessions of ${domain} together` };
}

/** Counts a body of so many bytes, before it is read. Throws LIMIT_EXCEEDED. */
export async function takeBytes(limits: Limits, key: ApiKey, bytes: number): Promise<void> {
  const wanted = Math.max(LEAST_KIB_PER_MINUTE, key.limits.changesPerMinute * KIB_PER_CHANGE);
  const limit = Math.min(wanted, MOST_KIB_PER_MINUTE);
  const count = Math.ceil(bytes / 1024);
  assertWithin(await limits.take(`key ${key.id}/KiB`, limit, 60, count), {
    ...{ limit, count },
    of: `KiB of bodies a minute of the API key "${key.label}"`,
  });
}

/** Counts a question. Throws LIMIT_EXCEEDED. */
export async function takeRead(limits: Limits, key: ApiKey): Promise<void> {
  const retryAfterSec = await limits.take(`key ${key.id}/reads`, READS_PER_MINUTE, 60, 1);
  assertWithin(retryAfterSec, {
    limit: READS_PER_MINUTE,
    of: `reads a minute of the API key "${key.label}"`,
  });
}
