/**
 * Reads a mailbox up to its end, page by page, and the next time goes on where it stood: a round that is cut off loses one page
 * at most. It begins anew at times, for what stays at the relay node: what could not be read, and what was not heard to be
 * acknowledged.
 */
import { isSignpostError } from "../errors.js";
import { pauseMs } from "../sending/patience.js";
import type { MailboxPage } from "./relayNodeApi.js";
import type { SessionClock } from "./session.js";

export interface CatchUpParts extends SessionClock {
  /** @param after where the page begins: empty at first, then `next` of the page before */
  readonly pageAfter: (after: string) => Promise<MailboxPage>;
  readonly takePage: (page: MailboxPage) => Promise<void>;
  readonly isStopping: () => boolean;
  /** Told when `restMs` becomes shorter. */
  readonly onSooner: () => void;
}

export interface CatchUp {
  /** One round. Throws what reading and taking a page throw; the next round goes on there. */
  round(): Promise<void>;
  /** Says that something stays because it cannot be found out now whether it is genuine. */
  noteOpen(): void;
  /** Milliseconds until the next round begins anew. */
  restMs(): number;
}

/** A round, of 200 messages each at our nodes. What is over comes in the next one. */
const MOST_PAGES = 100;
/** Longer than the inbox waits until it reads the same bytes once more. */
const ANEW_MS = 15 * 60_000;
/** Sooner for what is open, and less often the longer it stays so. Chance leaves more than failed lookups are remembered. */
const OPEN = { firstMs: 40_000, mostMs: ANEW_MS };

export function createCatchUp(parts: CatchUpParts): CatchUp {
  const { nowMs, isStopping } = parts;
  /** Everything before was taken. */
  let after = "";
  let anewMs = nowMs() + ANEW_MS;
  let isOpen = false;
  let timesOpen = 0;

  async function toTheEnd(): Promise<void> {
    for (let pages = 0; pages < MOST_PAGES && !isStopping(); pages++) {
      const page = await pageAfter();
      await parts.takePage(page);
      if (page.next === null || page.next === after) return;
      after = page.next;
      if (page.envelopes.length === 0) return;
    }
  }

  async function pageAfter(): Promise<MailboxPage> {
    try {
      return await parts.pageAfter(after);
    } catch (error) {
      // the cursor of another database, or of another make of node
      if (isSignpostError(error, "RELAY_NODE_REFUSED")) after = "";
      throw error;
    }
  }

  return {
    async round() {
      await toTheEnd();
      if (nowMs() < anewMs) return;
      timesOpen = isOpen ? timesOpen : 0;
      isOpen = false;
      anewMs = nowMs() + ANEW_MS;
      after = "";
      await toTheEnd();
    },
    noteOpen() {
      if (isOpen) return;
      isOpen = true;
      anewMs = Math.min(anewMs, nowMs() + pauseMs(++timesOpen, OPEN, parts.chance()));
      parts.onSooner();
    },
    restMs: () => Math.max(0, anewMs - nowMs()),
  };
}
