/** How long an answer may be valid. */
import { failed, type Finding, passed, warning } from "../line.js";

/** Below, an answer can expire between two blocks, or on its way to a slow client. */
const LEAST_VALIDITY_SEC = 60;
/** What clocks may differ by, and the answer may take to come here, before that is called too short. */
const SLACK_SEC = 5;
/** Above, a record that was changed is served for longer than anybody expects. */
const MOST_VALIDITY_SEC = 3600;
/** Year 5138 in seconds, 1973 in milliseconds: whatever lies above was never meant as seconds. */
const FIRST_MILLISECOND = 100_000_000_000n;

export interface Expiry {
  /** Unix time in the answer. */
  readonly expiresSec: bigint;
  readonly chainTimeSec: bigint;
  /** The resolver's own bound, in seconds, or null when it has none that we can read. */
  readonly longestSec: bigint | null;
  /** Whether the resolver's callback accepts the answer. */
  readonly accepted: boolean;
}

export function judgeExpiry({ expiresSec, chainTimeSec, longestSec, accepted }: Expiry): Finding {
  if (expiresSec >= FIRST_MILLISECOND) {
    const report = accepted ? warning : failed;
    return report(
      `expires is ${expiresSec.toString()}: milliseconds instead of seconds, so the answer never expires`,
      "Put Unix time in seconds into the answer.",
    );
  }
  const validitySec = Number(expiresSec - chainTimeSec);
  if (validitySec < 0) {
    return failed(
      `the answer expired ${-validitySec} s ago by the chain's time`,
      "Set the gateway's clock by NTP, give answers more validity, and see that no cache keeps them longer.",
    );
  }
  const seen = `valid for ${validitySec} s`;
  if (longestSec !== null && BigInt(validitySec) > longestSec) {
    return failed(
      `${seen}, and the resolver allows ${longestSec.toString()} s`,
      "Lower the gateway's validity, set its clock, or raise the bound: `signpost resolver validity set`.",
    );
  }
  if (validitySec < LEAST_VALIDITY_SEC - SLACK_SEC) {
    return warning(seen, "Give answers 60 to 300 s: slow clients come too late for this one.");
  }
  if (validitySec > MOST_VALIDITY_SEC) {
    return warning(
      seen,
      "Give answers 60 to 300 s: until then a changed record can be replaced by this one.",
    );
  }
  return passed(seen);
}
