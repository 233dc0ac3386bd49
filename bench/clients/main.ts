/**
 * `npm run bench:clients`: how long the first lookup of a fresh client takes, ours beside viem's and the dm3
 * library's, over an RPC node that is 100 ms away. The gateway is not delayed. Writes its figures into `ratios` of
 * bench/results/latest.json.
 */
import { performance } from "node:perf_hooks";
import { startTestWorld } from "../../test/e2e/testWorld.js";
import { ratioByRound, type Spread, spreadOf } from "../measure/statistics.js";
import { say } from "../progress.js";
import { keepRatios } from "../report/results.js";
import { markdownTable, times } from "../report/table.js";
import { type Client, clientsOf } from "./clients.js";
import { startDelayedNode } from "./delayedNode.js";

const DELAY_MS = 100;
const ROUNDS = 21;
const RESULTS = "latest.json";

interface Measured {
  readonly client: Client;
  readonly timesMs: number[];
  requests: number;
}

const world = await startTestWorld();
const node = await startDelayedNode(world.chain.rpcUrl, DELAY_MS);
try {
  const far = { ens: world.ens, chain: { ...world.chain, rpcUrl: node.url } };
  const name = world.people[0]?.name ?? "";
  const clients = Object.entries(clientsOf(far)).map(
    ([key, client]) => [key, { client, timesMs: [], requests: 0 }] as [string, Measured],
  );
  for (let round = -1; round < ROUNDS; round++) {
    // who goes first changes from round to round; the first round only warms up
    const turns = round % 2 === 0 ? clients : clients.toReversed();
    for (const [, measured] of turns) await takeTurn(measured, name, round >= 0);
    say(`clients: round ${round + 1} of ${ROUNDS}`);
  }
  await report(Object.fromEntries(clients));
} finally {
  await node.close();
  await world.stop();
}

async function takeTurn(measured: Measured, name: string, counts: boolean): Promise<void> {
  node.takeCount();
  const start = performance.now();
  await measured.client.lookUp(name);
  const elapsedMs = performance.now() - start;
  measured.requests = node.takeCount();
  if (counts) measured.timesMs.push(elapsedMs);
}

async function report({ dm3, viem, first, none }: Record<string, Measured>): Promise<void> {
  if (!dm3 || !viem || !first || !none) throw new Error("A client is missing.");
  const rows = [first, dm3, none, viem].map(({ client, timesMs, requests }) => {
    const { median, lowest, highest } = spreadOf(timesMs);
    return [client.name, ms(median), `${ms(lowest)} to ${ms(highest)}`, String(requests)];
  });
  const heading = ["first lookup, RPC node 100 ms away", "median", "spread", "RPC HTTP requests"];
  console.log(markdownTable([heading, ...rows], 1));
  const vsDm3 = ratio(first, dm3);
  const vsViem = ratio(none, viem);
  console.log(`resolveProfile against dm3-lib: ${text(vsDm3)} (at most 0.6)`);
  console.log(`resolveProfile without relay nodes against viem: ${text(vsViem)} (at most 1.5)`);
  await keepRatios(RESULTS, {
    resolveProfileVsDm3Lib: vsDm3.median,
    resolveProfileNoRelayVsViem: vsViem.median,
    resolveProfileRpcRequests: none.requests,
  });
}

function ratio(ours: Measured, theirs: Measured): Spread {
  const spread = ratioByRound(ours.timesMs, theirs.timesMs);
  if (spread === null) throw new Error("A round is missing.");
  return spread;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function text({ median, lowest, highest }: Spread): string {
  return `${times(median)} (${times(lowest)} to ${times(highest)})`;
}
