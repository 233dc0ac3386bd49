/** The good client: a lookup every 20 ms, whatever became of the ones before; half of them cold. */
import type { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import {
  decodeResult,
  recordCall,
  resolveRequest,
  verifyAnswer,
} from "../../../test/gateway/ensRequest.js";
import { type Reply, send } from "./send.js";
import { GOOD_DOMAIN, GOOD_NETWORK, LOOKUP_CHAIN, RESOLVER } from "./target.js";

export const GOOD_USERS = 200;
export const GOOD_KEY = "description";
/** So few that all are in every cache. */
const HOT_USERS = 20;

const EVERY_MS = 20;
/** What our own process missed is left out: the service must not be blamed for it. */
const MOST_BEHIND_MS = 200;
/** As long as clients wait at least. */
const TIMEOUT_MS = 5_000;
/** Where no proxy is in front, others come over a new connection, as the first request of a client does. */
const KEPT_OF = 5;
const VERIFIED_OF = 10;

export interface Lookups {
  readonly ms: readonly number[];
  /** Not answered in time, answered with another status than 200, or wrongly. */
  readonly failed: number;
  readonly failures: readonly string[];
}

interface Lookup {
  readonly request: string;
  readonly expected: string;
}

export function goodName(user: number): string {
  return `user-${user}.${GOOD_DOMAIN}`;
}

export function goodText(user: number): string {
  return `The user ${user}, whom nobody attacks.`;
}

/** @param proxy whose connections it comes over; with `isBehind`, all of its lookups */
export function createGoodClient(signer: string, proxy: Agent, isBehind: boolean) {
  let asked = 0;
  return async (origin: string, seconds: number): Promise<Lookups> => {
    const count = Math.floor((seconds * 1000) / EVERY_MS);
    // before it begins: to encode them takes time of the process that measures
    const lookups = Array.from({ length: count }, () => nextLookup(asked++));
    const replies: Promise<{ lookup: Lookup; reply: Reply }>[] = [];
    const startedMs = performance.now();
    for (const [index, lookup] of lookups.entries()) {
      const late = performance.now() - (startedMs + index * EVERY_MS);
      if (late > MOST_BEHIND_MS) continue;
      if (late < 0) await delay(-late);
      const keepsConnection = isBehind || index % KEPT_OF !== 0;
      replies.push(
        send({
          origin,
          ...{ method: "POST" as const, path: `/ccip/${LOOKUP_CHAIN}/${RESOLVER}` },
          ...{ network: GOOD_NETWORK, body: JSON.stringify({ data: lookup.request }) },
          ...(keepsConnection && { agent: proxy }),
          timeoutMs: TIMEOUT_MS,
        }).then((reply) => ({ lookup, reply })),
      );
    }
    const done = await Promise.all(replies);
    const failures = done.flatMap(({ lookup, reply }, index) => {
      const fault = faultOf(reply, lookup, index % VERIFIED_OF === 0 ? signer : null);
      return fault === null ? [] : [fault];
    });
    return { ms: done.map(({ reply }) => reply.ms), failed: failures.length, failures };
  };
}

/** Every second one was never asked for before. */
function nextLookup(number: number): Lookup {
  const isCold = number % 2 === 0;
  const user = number % (isCold ? GOOD_USERS : HOT_USERS);
  const key = isCold ? `absent-${number}` : GOOD_KEY;
  const name = goodName(user);
  const call = recordCall(name, "text", key);
  return {
    request: resolveRequest(name, call, BigInt(LOOKUP_CHAIN)),
    expected: isCold ? "" : goodText(user),
  };
}

/** @param signer null where the form of the answer is enough */
function faultOf(
  { status, body }: Reply,
  { request, expected }: Lookup,
  signer: string | null,
): string | null {
  if (status !== 200) return String(status);
  const { data } = JSON.parse(body) as { data: string };
  if (signer === null) return data.length > 2 ? null : "empty";
  const verified = verifyAnswer(data, { target: RESOLVER, request });
  if (verified.signer !== signer) return "signed by another";
  return decodeResult("text", verified.result) === expected ? null : "the wrong record";
}
