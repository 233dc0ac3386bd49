/**
 * Runs in a page: encodes and decodes, ours and dm3's in turns, and leaves the times there. On the clock of the wall, because a
 * page has no other; WebCrypto computes in threads of its own.
 */
import { browserEngine } from "../../src/dm3/crypto/browserEngine.js";
import { type Cases, prepareCases } from "./contestants.js";

/** Microseconds of one message, written and read, by round. */
export interface PageTimes {
  readonly isWebCrypto: boolean;
  readonly ours: number[];
  readonly dm3: number[];
}

declare global {
  interface Window {
    measured: Promise<PageTimes>;
  }
}

const ROUNDS = 15;
const ROUND_MS = 200;

window.measured = measure();

async function measure(): Promise<PageTimes> {
  const engine = await browserEngine(crypto);
  const { encodeVsDm3, decodeVsDm3 } = await prepareCases(engine);
  const codec = (whose: keyof Cases["encodeVsDm3"]) => async () => {
    await encodeVsDm3[whose]();
    await decodeVsDm3[whose]();
  };
  const runs = { ours: codec("ours"), dm3: codec("dm3") };
  const times: PageTimes = {
    isWebCrypto: engine.encryptionKey(new Uint8Array(32).fill(1)) instanceof Promise,
    ...{ ours: [], dm3: [] },
  };
  for (let round = -1; round < ROUNDS; round++) {
    // who goes first changes from round to round; the first round only warms up
    for (const whose of round % 2 === 0 ? (["ours", "dm3"] as const) : (["dm3", "ours"] as const)) {
      const us = await microseconds(runs[whose]);
      if (round >= 0) times[whose].push(us);
    }
  }
  return times;
}

async function microseconds(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  let calls = 0;
  while (performance.now() - startMs < ROUND_MS) {
    for (let i = 0; i < 10; i++) await run();
    calls += 10;
  }
  return ((performance.now() - startMs) * 1000) / calls;
}
