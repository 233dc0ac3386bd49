/** Times on a chain, in Unix seconds. */

export const DAY_SEC = 86_400n;

/** ENSv1's: an expired .eth name can still be renewed for so long, and by nobody else be registered. */
export const GRACE_SEC = 90n * DAY_SEC;

/** Who has so little left should act. */
export const SOON_SEC = 30n * DAY_SEC;

/** The day, in UTC; what a date cannot hold is for ever. */
export function dayOf(sec: bigint): string {
  return sec > 8_640_000_000_000n
    ? "for ever"
    : new Date(Number(sec) * 1000).toISOString().slice(0, 10);
}
