/** How much of what an API key costs others it may ask for: changes as it was told, and reads and bytes with them. */
import type { Limits } from "../../registry/access/limits.js";
import type { ApiKey } from "../../registry/domains/apiKey.js";
import { assertWithin } from "./assertWithin.js";

/** A page of 100 names each; a million names in less than two minutes. */
const READS_PER_MINUTE = 6_000;

/** A name with a profile and its records has 1 to 4 KiB. */
const BYTES_PER_CHANGE = 4 * 1024;
/** A key that may change little still sends one long body. */
const LEAST_BYTES_PER_MINUTE = 16 * 1024 * 1024;

/** Counts `changes`. Throws LIMIT_EXCEEDED. */
export async function takeChanges(limits: Limits, key: ApiKey, changes: number): Promise<void> {
  const { changesPerMinute, changesPerDay } = key.limits;
  if (changes === 0) return;
  const minute = await limits.take(`key ${key.id}/minute`, changesPerMinute, 60, changes);
  assertWithin(minute, changesPerMinute, "changes a minute for this key");
  // not at the same time: what the minute refuses, and is sent again, would use up the day
  assertWithin(
    await limits.take(`key ${key.id}/day`, changesPerDay, 86_400, changes),
    changesPerDay,
    "changes a day for this key",
  );
}

/** Counts a body of so many bytes, before it is read. Throws LIMIT_EXCEEDED. */
export async function takeBytes(limits: Limits, key: ApiKey, bytes: number): Promise<void> {
  const most = Math.max(LEAST_BYTES_PER_MINUTE, key.limits.changesPerMinute * BYTES_PER_CHANGE);
  const retryAfterSec = await limits.take(`key ${key.id}/bytes`, most, 60, bytes);
  assertWithin(retryAfterSec, most, "bytes of bodies a minute for this key");
}

/** Counts a question. Throws LIMIT_EXCEEDED. */
export async function takeRead(limits: Limits, key: ApiKey): Promise<void> {
  const retryAfterSec = await limits.take(`key ${key.id}/reads`, READS_PER_MINUTE, 60, 1);
  assertWithin(retryAfterSec, READS_PER_MINUTE, "reads a minute for this key");
}
