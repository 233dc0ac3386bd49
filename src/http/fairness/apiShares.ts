/**
 * What requests of the service API share in one process. Lookups have shares of their own (gateway/admission).
 */
import type { Pause } from "../../registry/changes/clock.js";
import type { ContractWallets } from "../../registry/signed/contractWallets.js";
import { createShares, type Outside, type Shares, type Tenant } from "./shares.js";

/** As many as there are connections to the registry's database: whoever has a place does not wait for one of those. */
const PLACES = 10;
/** A domain that has half of the places works through so many in a second or two. */
const MOST_WAITING = 100;
/** Shorter than clients and proxies wait. */
const LONGEST_WAIT_MS = 8_000;

/** At the door, where keys are looked up and limits are counted: the few connections there are never asked by more. */
const DOOR_PLACES = 8;
/** Short: all that it costs is memory, and behind the door fewer may wait. */
const MOST_WAITING_AT_DOOR = 200;
/** Whoever also waits to have a body read must not run into the bound on the time of a request (server.ts). */
const LONGEST_WAIT_AT_DOOR_MS = 3_000;

/** Of bodies that are being read or worked on. What is made of them takes three to six times as much. */
const BODY_BYTES = 40 * 1024 * 1024;
/** Shorter ones do not count: all connections together can hold 16 MiB of them. */
const SHORT_BODY_BYTES = 8 * 1024;

/** Of pages, from before they are made until their clients have taken them. */
const PAGES_BYTES = 64 * 1024 * 1024;
/** With the item that takes it over its bound. */
const PAGE_BYTES = 2 * 1024 * 1024;

/** Of questions to one chain, for each chain: one whose node hangs is no other one's trouble. */
const QUESTIONS = 16;

/** Requests that wait for a change: each keeps a connection, and asks the database twice a second. */
const WAITS = 256;

export interface ApiShares {
  /** Runs `work`, which finds out whose request it is and whether there may be one more. Throws LIMIT_EXCEEDED. */
  readonly atDoor: <T>(tenant: Tenant, work: () => Promise<T>) => Promise<T>;
  /** Runs `work`, which reads a body of so many bytes. Throws LIMIT_EXCEEDED. */
  readonly withBody: <T>(tenant: Tenant, bytes: number, work: () => Promise<T>) => Promise<T>;
  /** Runs `work`, which makes a page and ends when its client has taken it. Throws LIMIT_EXCEEDED. */
  readonly withPage: <T>(tenant: Tenant, work: () => Promise<T>) => Promise<T>;
  /** Runs `work`, which waits for something to happen. Throws LIMIT_EXCEEDED. */
  readonly withWait: <T>(tenant: Tenant, work: () => Promise<T>) => Promise<T>;
  /** Runs `work`, which asks the database. Throws LIMIT_EXCEEDED. */
  readonly withPlace: <T>(tenant: Tenant, work: (outside: Outside) => Promise<T>) => Promise<T>;
  /** The same wallets, asked in the tenant's turn, and outside of the place that the request has. */
  readonly wallets: (wallets: ContractWallets, tenant: Tenant, outside: Outside) => ContractWallets;
  /** Awaited between pieces of long work. */
  readonly pause: Pause;
}

/** @param pause awaited between pieces of long work, see `timeSlices` */
export function apiShares(pause: Pause): ApiShares {
  const waiting = { mostWaiting: MOST_WAITING, longestWaitMs: LONGEST_WAIT_MS };
  const door: Shares = createShares({
    capacity: DOOR_PLACES,
    mostWaiting: MOST_WAITING_AT_DOOR,
    longestWaitMs: LONGEST_WAIT_AT_DOOR_MS,
  });
  const places: Shares = createShares({ capacity: PLACES, ...waiting });
  const bodies: Shares = createShares({ capacity: BODY_BYTES, ...waiting });
  const pages: Shares = createShares({ capacity: PAGES_BYTES, ...waiting });
  const waits: Shares = createShares({ capacity: WAITS, mostWaiting: 0, longestWaitMs: 1_000 });
  const questions = new Map<bigint, Shares>();
  const questionsOf = (chainId: bigint) => {
    const known = questions.get(chainId) ?? createShares({ capacity: QUESTIONS, ...waiting });
    questions.set(chainId, known);
    return known;
  };
  return {
    atDoor: (tenant, work) => door.within(tenant, 1, work),
    withBody: (tenant, bytes, work) =>
      bodies.within(tenant, bytes <= SHORT_BODY_BYTES ? 0 : bytes, work),
    withPage: (tenant, work) => pages.within(tenant, PAGE_BYTES, work),
    withWait: (tenant, work) => waits.within(tenant, 1, work),
    withPlace: (tenant, work) => places.within(tenant, 1, work),
    wallets: (wallets, { member }, outside) => ({
      knows: (chainId) => wallets.knows(chainId),
      ask: (question) =>
        outside(() =>
          // anybody can make us ask: here each network counts by itself
          questionsOf(question.chainId).within({ group: member, member }, 1, () =>
            wallets.ask(question),
          ),
        ),
    }),
    pause,
  };
}
