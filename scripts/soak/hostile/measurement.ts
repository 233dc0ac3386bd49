/** One attack on one build: a quiet time first, then the attack, in a fresh process of the service. */
import { Agent } from "node:http";
import { availableParallelism } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { busySec, treeUsage } from "../../../bench/measure/processUsage.js";
import { startAttackers } from "./attackers.js";
import type { Endings } from "./attackProgram.js";
import type { Installation } from "./installation.js";
import { createGoodClient, type Lookups } from "./lookups.js";
import { claimNames, writeNames } from "./neighbours.js";
import { type Reply, send } from "./send.js";

/** The service and the good client reach their usual speed in it; nothing is counted. */
const WARM_UP_SEC = 3;
/** As many as nginx keeps with `keepalive 64`. */
const PROXY_CONNECTIONS = 64;
/** The first requests of an attack are on their way. */
const ATTACK_BEGINS_MS = 1_000;
/** monitorEventLoopDelay looks so often, and counts that as delay. */
const RESOLUTION_MS = 10;

export interface Measurement {
  readonly quiet: Lookups;
  readonly attacked: Lookups;
  /** Of the good domain's API. */
  readonly writes: readonly Reply[];
  /** Of contract wallets whose chain can be asked. */
  readonly claims: readonly Reply[];
  readonly peakRssBytes: number | null;
  readonly endings: Endings;
  /** How late our own process was, at the 99th percentile: as much of each latency may be ours. */
  readonly ownDelayMs: number;
  /** Of all cores of the machine, during the attack; null where that is not known. */
  readonly busyCores: number | null;
  readonly serviceCores: number | null;
  readonly attackerCores: number | null;
}

export async function measure(
  installation: Installation,
  attacks: readonly string[],
  seconds: number,
): Promise<Measurement> {
  const server = await installation.start();
  const { origin, pid } = server;
  const proxy = new Agent({ keepAlive: true, maxSockets: PROXY_CONNECTIONS });
  const way = { origin, agent: proxy };
  const lookUp = createGoodClient(installation.signer, proxy, isProxyInFront(attacks));
  try {
    await openConnections(way);
    await Promise.all([
      lookUp(origin, WARM_UP_SEC),
      writeNames(way, installation.goodKey, WARM_UP_SEC),
    ]);
    const quiet = await lookUp(origin, seconds);
    const target = { origin, keys: installation.hostileKeys };
    const attackers = await startAttackers({ target, attacks });
    await delay(ATTACK_BEGINS_MS);

    const used = async () => ({
      atMs: performance.now(),
      busy: await busySec(),
      service: (await treeUsage(pid))?.cpuSec ?? null,
      attackers: await attackers.cpuSec(),
    });
    const before = await used();
    const ownDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    ownDelay.enable();
    const [attacked, writes, claims] = await Promise.all([
      lookUp(origin, seconds),
      writeNames(way, installation.goodKey, seconds),
      claimNames(way, seconds),
    ]);
    ownDelay.disable();
    const after = await used();
    const cores = (key: "busy" | "service" | "attackers") => {
      const [from, to] = [before[key], after[key]];
      return from === null || to === null
        ? null
        : (to - from) / ((after.atMs - before.atMs) / 1000);
    };
    return {
      ...{ quiet, attacked, writes, claims },
      peakRssBytes: (await treeUsage(pid))?.peakRssBytes ?? null,
      endings: await attackers.stop(),
      ownDelayMs: Math.max(0, ownDelay.percentile(99) / 1e6 - RESOLUTION_MS),
      ...{
        busyCores: cores("busy"),
        serviceCores: cores("service"),
        attackerCores: cores("attackers"),
      },
    };
  } finally {
    proxy.destroy();
    await server.stop();
  }
}

/**
 * Whom strangers cannot reach directly: a proxy keeps its connections open, so silent sockets from elsewhere are in nobody's
 * way. By itself that attack is made on a service without one.
 */
function isProxyInFront(attacks: readonly string[]): boolean {
  return attacks.length > 1 || attacks[0] !== "silentSockets";
}

async function openConnections({ origin, agent }: { origin: string; agent: Agent }): Promise<void> {
  const opening = Array.from({ length: PROXY_CONNECTIONS }, () =>
    send({ origin, path: "/health/live", network: "", agent, timeoutMs: 5_000 }),
  );
  await Promise.all(opening);
}

/** What makes the figures doubtful; empty where nothing does. */
export function shortages({ ownDelayMs, busyCores }: Measurement): string[] {
  const all = availableParallelism();
  return [
    ...(ownDelayMs > 20
      ? [`the good client itself was ${ownDelayMs.toFixed(0)} ms late (p99)`]
      : []),
    ...(busyCores !== null && busyCores > 0.95 * all
      ? [`the machine had no core left (${busyCores.toFixed(2)} of ${all} busy)`]
      : []),
  ];
}
