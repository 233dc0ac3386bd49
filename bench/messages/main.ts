/**
 * `npm run bench:messages`: what encoding and decoding one message costs in Node, ours beside dm3's libraries, in turns.
 * In CPU time, because the clock on the wall also counts what other programs do. Then both together in a page of Chromium.
 * Writes its figures into `ratios` of bench/results/latest.json.
 *
 * dm3's side of decoding is `decryptEnvelop` and `checkMessageSignature`. Ours does the same, message and postmark, and
 * compares hashes, names and postmark as well; `everyCheck` is ours with the relay node's signature too. Ours is compiled
 * libsodium where the package sodium-native works; the last line is a decode by node:crypto, for who has not installed it.
 */
import { loadEngines } from "../../src/native/engines.js";
import { messageEngine } from "../../src/native/messageEngine.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { ratioByRound, type Spread, spreadOf } from "../measure/statistics.js";
import { say } from "../progress.js";
import { keepRatios } from "../report/results.js";
import { markdownTable, times } from "../report/table.js";
import { prepareCases } from "./contestants.js";
import { measureInChromium } from "./inChromium.js";

const ROUNDS = 15;
const ROUND_US = 200_000;
const RESULTS = "latest.json";

await loadEngines();
const { encodeVsDm3, decodeVsDm3, decodeWithEveryCheck } = await prepareCases(
  await messageEngine(),
);
const byNode = await prepareCases(nodeEngine);
const runs = {
  encode: encodeVsDm3.ours,
  dm3Encode: encodeVsDm3.dm3,
  decode: decodeVsDm3.ours,
  dm3Decode: decodeVsDm3.dm3,
  everyCheck: decodeWithEveryCheck,
  decodeByNode: byNode.decodeVsDm3.ours,
};
type Run = keyof typeof runs;
const measured: Record<Run, number[]> = {
  ...{ encode: [], dm3Encode: [], decode: [], dm3Decode: [], everyCheck: [], decodeByNode: [] },
};
const names = Object.keys(runs) as Run[];
for (let round = -1; round < ROUNDS; round++) {
  // who goes first changes from round to round; the first round only warms up
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const us = await cpuMicroseconds(runs[name]);
    if (round >= 0) measured[name].push(us);
  }
  say(`messages: round ${round + 1} of ${ROUNDS}`);
}
await report();

async function cpuMicroseconds(run: () => Promise<unknown>): Promise<number> {
  const before = cpuUs();
  let calls = 0;
  while (cpuUs() - before < ROUND_US) {
    for (let i = 0; i < 20; i++) await run();
    calls += 20;
  }
  return (cpuUs() - before) / calls;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function report(): Promise<void> {
  const rows = names.map((name) => {
    const { median, lowest, highest } = spreadOf(measured[name]);
    return [name, micro(median), `${micro(lowest)} to ${micro(highest)}`];
  });
  console.log(markdownTable([["one message, CPU", "median", "spread"], ...rows], 1));
  const encode = timesFaster("encode", "dm3Encode");
  const decode = timesFaster("decode", "dm3Decode");
  console.log(`encode against dm3's libraries: ${text(encode)} (at least 2.5)`);
  console.log(`decode against dm3's libraries: ${text(decode)} (at least 2.5)`);
  const browser = await timesFasterInChromium();
  await keepRatios(RESULTS, {
    ...{ encodeVsDm3: encode.median, decodeVsDm3: decode.median },
    // without a browser the last figure stays
    browserCodecVsDm3: browser?.median ?? null,
  });
}

function timesFaster(ours: Run, theirs: Run): Spread {
  return timesLess(measured[ours], measured[theirs]);
}

function timesLess(ours: readonly number[], theirs: readonly number[]): Spread {
  const spread = ratioByRound(theirs, ours);
  if (spread === null) throw new Error("A round is missing.");
  return spread;
}

async function timesFasterInChromium(): Promise<Spread | null> {
  const times = await measureInChromium();
  if (times === null) return null;
  const { ours, dm3, isWebCrypto } = times;
  const spread = timesLess(ours, dm3);
  const [own, their] = [spreadOf(ours), spreadOf(dm3)].map(({ median }) => micro(median));
  console.log(
    `encode and decode in Chromium (${isWebCrypto ? "WebCrypto" : "JavaScript alone"}): ${own ?? ""} against ${their ?? ""}, ${text(spread)} (at least 1)`,
  );
  return spread;
}

function micro(us: number): string {
  return `${Math.round(us)} µs`;
}

function text({ median, lowest, highest }: Spread): string {
  return `${times(median)} (${times(lowest)} to ${times(highest)})`;
}
