/** Mail to people who never wrote here ("cold"): so much a day of one sender, to one domain, and of everybody together. */
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import { ofSender } from "../messaging/bridge/ofSender.js";
import type { Counter } from "../relay/senderLimits.js";

/** A day each. */
export interface OutboundBounds {
  /** Mails of one sender to one person who was never heard of. */
  readonly coldToPerson: number;
  readonly coldOfSender: number;
  readonly coldToDomain: number;
  /** Reports to one person. */
  readonly reportsToPerson: number;
}

export const USUAL_OUTBOUND: OutboundBounds = {
  coldToPerson: 5,
  coldOfSender: 30,
  coldToDomain: 300,
  reportsToPerson: 20,
};

const DAY_SEC = 86_400;
/** Whoever answers meanwhile is no stranger any more. */
const LONGEST_WAIT_SEC = 300;
/** Of messages on their way; one that is forgotten counts again. */
const MOST_REMEMBERED = 10_000;

export interface OutboundLimits {
  /**
   * Counts a message once, however often it is tried.
   * @throws UNREACHABLE: a message that waits is not lost
   */
  readonly cold: (from: NormalName, to: NativeAddress, token: string) => void;
  /** Whether one more may be sent; then it counts. */
  readonly report: (to: NativeAddress) => boolean;
}

export function outboundLimits(counter: Counter, bounds: OutboundBounds): OutboundLimits {
  const take = (bucket: string, limit: number, what: string, isOfSender = true) => {
    const retryAfterSec = counter.take(bucket, limit, DAY_SEC, 1);
    if (retryAfterSec === null) return;
    const error = new SignpostError(
      "UNREACHABLE",
      `That is more than the limit of ${limit} ${what} a day. The mail waits for its turn.`,
      {
        reason: "limit of mail to people who never wrote here",
        retryAfterSec: Math.min(retryAfterSec, LONGEST_WAIT_SEC),
      },
    );
    throw isOfSender ? ofSender(error) : error;
  };
  /** Tokens of messages; the first one is the oldest. */
  const counted = new Set<string>();

  return {
    cold: (from, to, token) => {
      if (counted.has(token)) return;
      const person = formatNativeAddress(to);
      take(`mail cold ${from} ${person}`, bounds.coldToPerson, "first mails of one to one");
      take(`mail cold of ${from}`, bounds.coldOfSender, "first mails of one sender");
      take(`mail cold to ${to.domain}`, bounds.coldToDomain, `first mails to ${to.domain}`, false);
      counted.add(token);
      const [oldest] = counted;
      if (counted.size > MOST_REMEMBERED && oldest !== undefined) counted.delete(oldest);
    },
    report: (to) => {
      const bucket = `mail report ${formatNativeAddress(to)}`;
      return counter.take(bucket, bounds.reportsToPerson, DAY_SEC, 1) === null;
    },
  };
}
