/** Watching the relay nodes that are registered here, put together for a process that serves. */
import { setTimeout as delay } from "node:timers/promises";
import { watchedNodes } from "../../db/watchedNodes.js";
import { isSignpostError } from "../../errors.js";
import { startRounds } from "../../health/rounds.js";
import { toSignpostError } from "../../http/shownError.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import type { NodeCounts } from "../../nodes/nodeStore.js";
import { watchRound } from "../../nodes/watchNodes.js";
import type { RegistryStores } from "../../registry/store.js";
import type { Parts } from "../../service/capability.js";
import type { CanaryConfig } from "./canary/canaryAccount.js";
import { openCanary } from "./canary/openCanary.js";
import type { RegistryDatabases } from "./databases.js";

export interface NodeWatchOptions {
  /** Between two checks of a node, in milliseconds. */
  readonly intervalMs: number;
  /** Lets nodes be on this machine. */
  readonly allowLoopback: boolean;
  /** Writes to itself through nodes whose operators grant it an account; it does not by default. */
  readonly canary?: CanaryConfig | null;
}

export interface NodeWatch {
  /** For metrics; null until they were counted. */
  readonly counts: () => NodeCounts | null;
  readonly stop: () => void;
}

/** What was registered just now has its first check so soon. */
const ROUND_MS = 15_000;
const ROUNDS_OF_INTERVAL = 4;
const REST_MS = 2_000;
const OVERDUE_INTERVALS = 3;
/** What became of a name that is registered again within it is still known. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

const NOBODY_WATCHES: NodeWatch = { counts: () => null, stop: () => undefined };

/** @param options null: nothing is watched */
export function startNodeWatch(
  { nowMs, reportFailure }: Pick<Parts, "nowMs" | "reportFailure">,
  databases: Pick<RegistryDatabases, "registry">,
  registry: RegistryStores,
  options: NodeWatchOptions | null,
): NodeWatch {
  if (options === null) return NOBODY_WATCHES;
  const { intervalMs, allowLoopback } = options;
  const store = watchedNodes(databases.registry);
  const fetcher = createGuardedFetcher({ allowLoopback });
  const canary = openCanary({ registry, fetcher, nowMs, reportFailure }, options.canary ?? null);
  let isOver = false;
  let counts: NodeCounts | null = null;
  const parts = {
    ...{ store, intervalMs, nowMs, fetcher },
    rest: () => delay(REST_MS, undefined, { ref: false }),
    isOver: () => isOver,
    reportDefect: (error: unknown) => {
      reportFailure(toSignpostError(error));
    },
  };

  async function round(): Promise<void> {
    try {
      await watchRound({ ...parts, canary: await canary() });
      if (isOver) return;
      await store.forgetGone(nowMs() - KEPT_MS);
      counts = await store.counts(nowMs() - OVERDUE_INTERVALS * intervalMs);
    } catch (error) {
      // that the database does not answer is for the readiness to say
      if (isOver || isSignpostError(error, "DATABASE_UNAVAILABLE")) return;
      reportFailure(toSignpostError(error));
    }
  }

  const rounds = startRounds(round, () => Math.min(ROUND_MS, intervalMs / ROUNDS_OF_INTERVAL));
  return {
    counts: () => counts,
    stop: () => {
      // requests that are under way end by themselves, and nothing of them is kept
      isOver = true;
      void rounds.stop();
    },
  };
}
