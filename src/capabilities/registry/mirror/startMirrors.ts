/** Follows all mirrors of this installation: each by the one process that has its lease. */
import { randomUUID } from "node:crypto";
import { mirrorKeys } from "../../../db/mirror/mirrorKeys.js";
import { mirrorStore } from "../../../db/mirror/mirrorStore.js";
import type { Node } from "../../../ens/namehash.js";
import { isSignpostError, SignpostError } from "../../../errors.js";
import { startRounds } from "../../../health/rounds.js";
import type { ReadinessReport } from "../../../http/readiness.js";
import { toSignpostError } from "../../../http/shownError.js";
import { followMirror } from "../../../mirror/followMirror.js";
import { LEASE_MS } from "../../../mirror/keepLease.js";
import type { Mirror, PrimaryPlace } from "../../../mirror/mirror.js";
import type { ContractWallets } from "../../../registry/signed/contractWallets.js";
import type { Parts } from "../../../service/capability.js";
import type { RegistryDatabases } from "../databases.js";
import { mirrorKeyMigrations } from "../migrations.js";
import { mirrorParts } from "./mirrorParts.js";
import { openPrimary } from "./primaryApi.js";

/** So soon a mirror that was added is followed, and one that another process let go of. */
const ROUND_MS = 2_000;
/** With the pauses between them, about a quarter of a minute. */
const FAILURES_TOLD = 5;

export interface Mirrors {
  /** For metrics: as they were when they were last listed. */
  readonly known: () => readonly Mirror[];
  /** Warnings only: of each whose primary did not answer for some time. */
  readonly report: () => ReadinessReport;
  readonly stop: () => Promise<void>;
}

export function startMirrors(
  { secrets, nowMs, pause, reportFailure }: Parts,
  { mirrors: pool }: Pick<RegistryDatabases, "mirrors">,
  contractWallets: ContractWallets,
  onTaken: (node: Node) => void,
): Mirrors {
  const store = mirrorStore(pool);
  const keys = mirrorKeys(pool, secrets, mirrorKeyMigrations);
  const running = new Map<string, Promise<void>>();
  const over = new AbortController();
  let known: readonly Mirror[] = [];

  async function follow({ domain, primary: place }: Mirror): Promise<void> {
    const ended = new AbortController();
    const end = () => {
      ended.abort();
    };
    over.signal.addEventListener("abort", end);
    try {
      const primary = await opened(domain, place, ended.signal);
      const surroundings = { pool, contractWallets, nowMs, pause, onTaken };
      try {
        await followMirror(mirrorParts(surroundings, domain, primary, ended));
      } finally {
        await primary.close();
      }
    } finally {
      over.signal.removeEventListener("abort", end);
    }
  }

  /** What keeps it from being asked at all stands in the mirror's row as well. */
  async function opened(domain: string, place: PrimaryPlace, ended: AbortSignal) {
    try {
      const apiKey = await keys.open(domain);
      if (apiKey === null) throw keyMissing(domain);
      return openPrimary(place, apiKey, ended);
    } catch (error) {
      await noteNotOpened(domain, toSignpostError(error));
      throw error;
    }
  }

  async function noteNotOpened(domain: string, { message }: Error): Promise<void> {
    const lease = { domain, token: randomUUID() };
    try {
      // where another process follows, it can open it
      if ((await store.take(lease, LEASE_MS, false)) === null) return;
      await store.noteFailure(lease, message);
      await store.letGo(lease);
    } catch (error) {
      tell(error);
    }
  }

  /** That the database does not answer is for the readiness to say. */
  function tell(error: unknown): void {
    if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return;
    reportFailure(toSignpostError(error));
  }

  async function round(): Promise<void> {
    try {
      known = await store.mirrors();
    } catch (error) {
      tell(error);
      return;
    }
    for (const mirror of known) {
      if (running.has(mirror.domain) || over.signal.aborted) continue;
      const following = follow(mirror)
        .catch(tell)
        .finally(() => running.delete(mirror.domain));
      running.set(mirror.domain, following);
    }
  }

  const rounds = startRounds(round, () => ROUND_MS);
  return {
    known: () => known,
    report: () => ({
      reasons: [],
      warnings: known
        .filter(({ failures }) => failures >= FAILURES_TOLD)
        .map(({ domain, failures, failure }) => {
          const said = failure === null ? "" : `, the last time: ${failure}`;
          return `The mirror of ${domain} failed ${failures} times${said}`;
        }),
    }),
    stop: async () => {
      over.abort();
      await rounds.stop();
      await Promise.all(running.values());
    },
  };
}

function keyMissing(domain: string): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `The API key with which the primary of ${domain} is followed is missing. Remove the mirror and add it again (\`signpost mirror\`).`,
    { domain },
  );
}
