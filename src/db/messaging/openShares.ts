/** How much may wait to be carried, and whose share of it is taken: nobody holds up everybody. */
import type { SubmissionKind } from "../../messaging/network.js";
import type { FullShare } from "../../messaging/store.js";

interface Share {
  readonly of: FullShare;
  /** SQL over an open submission `s`, and over what is `asked`. */
  readonly filter: string;
  readonly most: { readonly count: number; readonly bytes: number };
}

const MIB = 1024 * 1024;
/** Relay nodes may be down for days. */
const MOST = { count: 100_000, bytes: 4096 * MIB };
const MOST_OF_SENDER = { count: 1_000, bytes: 64 * MIB };
const MOST_TO_RECEIVER = { count: 5_000, bytes: 256 * MIB };
const MOST_ANSWERS = { count: 20_000, bytes: 1024 * MIB };
const MOST_ANSWERS_TO_DOMAIN = { count: 200, bytes: 16 * MIB };
const part = (share: number) => ({ count: MOST.count * share, bytes: MOST.bytes * share });

const OWN = "s.native = asked.native and not s.is_answer";
const OF_DOMAIN = "split_part(s.native, '@', 2) = asked.native_domain and not s.is_answer";
const TO_RECEIVER = "s.receiver = asked.receiver and not s.is_answer";
const TO_DOMAIN = "right('.' || s.receiver, length(asked.ens_domain)) = asked.ens_domain";

const SHARES: Readonly<Record<SubmissionKind, readonly Share[]>> = {
  message: [
    { of: "sender", filter: OWN, most: MOST_OF_SENDER },
    { of: "sender's domain", filter: OF_DOMAIN, most: part(1 / 4) },
    { of: "receiver", filter: TO_RECEIVER, most: MOST_TO_RECEIVER },
    { of: "receiver's domain", filter: `${TO_DOMAIN} and not s.is_answer`, most: part(1 / 2) },
    { of: "all", filter: "true", most: MOST },
  ],
  answer: [
    {
      of: "receiver's domain",
      filter: `${TO_DOMAIN} and s.is_answer`,
      most: MOST_ANSWERS_TO_DOMAIN,
    },
    { of: "answers", filter: "s.is_answer", most: MOST_ANSWERS },
    { of: "all", filter: "true", most: MOST },
  ],
};

/** SQL of two parts: what is counted, and the first share that is full, or null. */
export function openShares(kind: SubmissionKind): {
  readonly counts: string;
  readonly full: string;
} {
  const shares = SHARES[kind];
  const counts = shares.map(
    ({ filter }, at) =>
      `count(s.hash) filter (where ${filter}) as count${at}, coalesce(sum(s.bytes) filter (where ${filter}), 0) as bytes${at}`,
  );
  const cases = shares.map(
    ({ of, most }, at) =>
      `when count${at} >= ${most.count} or bytes${at} >= ${most.bytes} then '${of.replace("'", "''")}'`,
  );
  return { counts: counts.join(", "), full: cases.join(" ") };
}
