/**
 * How much senders may send, by their names, their domains and together. Names alone count for little: one wildcard
 * resolver gives a stranger endless names, each with a valid signature.
 */
import { SignpostError } from "../errors.js";

/** Counts what was done in a time. A port: null, or in how many seconds it is worth to ask again. */
export interface Counter {
  take(bucket: string, limit: number, periodSec: number, count: number): number | null;
}

/** A counter for what is counted before it is known how much of it will be used. */
export interface RefundingCounter extends Counter {
  /** What was taken, and not used after all. */
  giveBack(bucket: string, count: number): void;
}

/** A minute each, where nothing else is said. */
export interface SenderBounds {
  /** Of one sender to one receiver. Receipts come by the hundred when a client starts, and one that is refused is lost. */
  readonly ofSenderToReceiver: number;
  readonly ofSender: number;
  readonly ofDomainToReceiver: number;
  readonly ofDomain: number;
  /** New names below one domain. */
  readonly newNamesOfDomain: number;
  /** New domains: what all strangers share. */
  readonly newDomains: number;
}

export const USUAL_BOUNDS: SenderBounds = {
  ofSenderToReceiver: 1_200,
  ofSender: 6_000,
  ofDomainToReceiver: 6_000,
  ofDomain: 60_000,
  newNamesOfDomain: 600,
  newDomains: 600,
};

const PERIOD_SEC = 60;
/** After so long without a message a name or a domain is new again; the one that was silent for longest is forgotten. */
const MOST_KNOWN = 100_000;

export interface SenderLimits {
  /**
   * Counts a message of a sender whose signature was checked: whoever is not that sender cannot use up what it may send.
   * Throws LIMIT_EXCEEDED.
   */
  count(message: { sender: string; domain: string; receiver: string }): void;
}

export function senderLimits(counter: Counter, bounds: SenderBounds = USUAL_BOUNDS): SenderLimits {
  const known = new Set<string>();

  function take(bucket: string, limit: number, of: string): void {
    const retryAfterSec = counter.take(bucket, limit, PERIOD_SEC, 1);
    if (retryAfterSec === null) return;
    throw new SignpostError(
      "LIMIT_EXCEEDED",
      `That is more than the limit of ${limit} ${of} a minute; send it again in ${retryAfterSec} seconds.`,
      { limit, retryAfterSec },
    );
  }

  function takeIfNew(name: string, take: () => void): void {
    if (!known.delete(name)) take();
    known.add(name);
    const [oldest] = known;
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  }

  return {
    count({ sender, domain, receiver }) {
      takeIfNew(domain, () => {
        take("new domains", bounds.newDomains, "new senders' domains");
      });
      takeIfNew(sender, () => {
        take(`new ${domain}`, bounds.newNamesOfDomain, `new senders of ${domain}`);
      });
      // the narrow ones first, because what is refused there takes nothing from the others
      const { ofSenderToReceiver, ofSender, ofDomainToReceiver, ofDomain } = bounds;
      take(`${sender} ${receiver}`, ofSenderToReceiver, "messages of one sender to one");
      take(sender, ofSender, "messages of one sender");
      take(`${domain} ${receiver}`, ofDomainToReceiver, `messages of ${domain} to one`);
      take(domain, ofDomain, `messages of ${domain}`);
    },
  };
}
