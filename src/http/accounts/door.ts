/**
 * What strangers may make a service with accounts do before anybody knows who they are: read bodies, ask ENS, make accounts.
 * Everything counts by the network that it comes from.
 */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TakeQuestion } from "../../accounts/directory.js";
import type { Pause } from "../../registry/changes/clock.js";
import { type BytesType, readBytes } from "../body/readBytes.js";
import { readFlatJson } from "../body/readFlatJson.js";
import { announcedBytes, readJson } from "../body/readJson.js";
import { BLOCK_BYTES, memoryOf, type UsedMemory } from "../body/usedAgain.js";
import type { ClientNetwork } from "../clientAddress.js";
import { assertWithin } from "../fairness/assertWithin.js";
import { rateLimits } from "../fairness/rateLimits.js";
import { createShares } from "../fairness/shares.js";
import { questionsToEns } from "./questions.js";

/** Under way at once; a network that alone floods us has half of them. */
const PLACES = 512;
const MOST_WAITING = 400;
/** Shorter than clients wait. */
const LONGEST_WAIT_MS = 8_000;
/** Of bodies that are being read or worked on. */
const BODY_BYTES = 64 * 1024 * 1024;
/** Of long answers, from before they are read until their clients have taken them. */
const PAGES_BYTES = 256 * 1024 * 1024;
const PAGE_BYTES = 8 * 1024 * 1024;
/** Of each of the counts by network. */
export const MOST_NETWORKS = 50_000;

const REQUESTS_PER_MINUTE = 6_000;
const REQUESTS = { limit: REQUESTS_PER_MINUTE, of: "requests a minute from one network" };

const HOUR_SEC = 3_600;
const ACCOUNTS = { limit: 600, of: "new accounts an hour from one network" };
/** A bound on what strangers can make a service keep. */
const ALL_ACCOUNTS = { limit: 20_000, of: "new accounts an hour, which all networks share" };

export interface DoorParts {
  readonly networkOf: ClientNetwork;
  readonly pause: Pause;
  readonly nowMs: () => number;
}

export interface Door {
  /** Counts a request. Throws LIMIT_EXCEEDED. */
  count(request: IncomingMessage): void;
  /** Reads the body, in the network's turn, and runs `work` with it. Throws LIMIT_EXCEEDED, TOO_LARGE, INVALID_REQUEST. */
  withBody<T>(
    request: IncomingMessage,
    mostBytes: number,
    work: (body: unknown) => Promise<T>,
  ): Promise<T>;
  /** The same for a body of few and long texts; these are a `LongText` each. */
  withFlatBody<T>(
    request: IncomingMessage,
    mostBytes: number,
    work: (body: unknown) => Promise<T>,
  ): Promise<T>;
  /** The same for a body that is bytes. */
  withBytes<T>(
    request: IncomingMessage,
    mostBytes: number,
    work: (body: Uint8Array) => Promise<T>,
    type?: BytesType,
  ): Promise<T>;
  /**
   * Runs `work`, which sends so many bytes at most, 8 MiB by default, and waits until its client has taken them; false from
   * it says that it has sent nothing yet. Throws LIMIT_EXCEEDED.
   */
  withPage(
    request: IncomingMessage,
    response: ServerResponse,
    work: () => Promise<unknown>,
    bytes?: number,
  ): Promise<void>;
  /** What its questions to ENS are taken from. */
  questionsOf(request: IncomingMessage): TakeQuestion;
  /** Counts an account that is made. Throws LIMIT_EXCEEDED. */
  countAccount(request: IncomingMessage): void;
}

export function accountDoor({ networkOf, pause, nowMs }: DoorParts): Door {
  const waiting = { mostWaiting: MOST_WAITING, longestWaitMs: LONGEST_WAIT_MS };
  const places = createShares({ capacity: PLACES, ...waiting });
  const bodies = createShares({ capacity: BODY_BYTES, ...waiting });
  const pages = createShares({ capacity: PAGES_BYTES, ...waiting });
  const accounts = rateLimits(nowMs, MOST_NETWORKS);
  const requests = rateLimits(nowMs, MOST_NETWORKS);
  const questionsOf = questionsToEns(nowMs, MOST_NETWORKS);

  const tenantOf = (request: IncomingMessage) => {
    const member = networkOf(request) ?? "";
    return { group: member, member };
  };

  function inTurn<Body, T>(
    request: IncomingMessage,
    mostBytes: number,
    read: () => Promise<Body>,
    work: (body: Body) => Promise<T>,
  ): Promise<T> {
    const tenant = tenantOf(request);
    const bytes = Math.min(announcedBytes(request, mostBytes), mostBytes);
    return bodies.within(tenant, bytes, async () => {
      const body = await read();
      return places.within(tenant, 1, () => work(body));
    });
  }

  return {
    count: (request) => {
      const network = networkOf(request);
      if (network === null) return;
      assertWithin(requests.take(network, REQUESTS_PER_MINUTE, 60, 1), REQUESTS);
    },

    withBody: (request, mostBytes, work) =>
      inTurn(request, mostBytes, () => readJson(request, { mostBytes, pause }), work),

    withFlatBody: async (request, mostBytes, work) => {
      const bytes = announcedBytes(request, Infinity);
      // a block for a short body would be more than its share counts
      if (bytes > mostBytes || bytes > BLOCK_BYTES || bytes < BLOCK_BYTES / 2) {
        const read = () => readFlatJson(request, { mostBytes, pause });
        return inTurn(request, mostBytes, read, work);
      }
      const used: UsedMemory[] = [];
      const read = () => {
        const memory = memoryOf(bytes);
        used.push(memory);
        return readFlatJson(request, { mostBytes, pause }, memory.bytes);
      };
      try {
        return await inTurn(request, mostBytes, read, work);
      } finally {
        for (const { giveBack } of used) giveBack();
      }
    },

    withBytes: (request, mostBytes, work, type) =>
      inTurn(request, mostBytes, () => readBytes(request, mostBytes, type), work),

    withPage: (request, response, work, bytes = PAGE_BYTES) =>
      pages.within(tenantOf(request), bytes, async () => {
        const taken = once(response, "close");
        taken.catch(() => undefined);
        const isSent = await work();
        if (isSent !== false && !response.closed) await taken;
      }),

    questionsOf: (request) => questionsOf(networkOf(request)),

    countAccount: (request) => {
      const network = networkOf(request) ?? "";
      const { limit } = ACCOUNTS;
      if (network !== "") assertWithin(accounts.take(network, limit, HOUR_SEC, 1), ACCOUNTS);
      assertWithin(accounts.take("", ALL_ACCOUNTS.limit, HOUR_SEC, 1), ALL_ACCOUNTS);
    },
  };
}
