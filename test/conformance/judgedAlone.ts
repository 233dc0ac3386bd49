/** Checks that no server in between can bend, or not without bending others: their tests hand them facts. */
export const JUDGED_ALONE = [
  ...["url-form", "tls", "reachable", "live-address", "record", "record-url", "served-hash"],
] as const;
