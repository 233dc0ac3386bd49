/** Scans of all sources, each once an hour by one of the processes, beside lookups. */
import { setTimeout as delay } from "node:timers/promises";
import { isSignpostError, SignpostError } from "../../errors.js";
import { startRounds } from "../../health/rounds.js";
import type { ReportFailure } from "../../http/refuse.js";
import { toSignpostError } from "../../http/shownError.js";
import { type ScanParts, scanSource } from "../../registry/sources/scanSource.js";
import type { ListedSource } from "../../registry/sources/source.js";
import type { SourceStore, StoredSource } from "../../registry/sources/sourceStore.js";
import type { ConnectedSources } from "./connectedSources.js";

const ROUND_MS = 60_000;
const SCAN_MS = 60 * 60_000;
/** Before each page, so that a long scan takes a small part of a core. */
const REST_MS = 100;
/** A problem that was not met again for so long is none any more. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60_000;

export interface SourceScansParts extends Pick<ScanParts, "scans" | "pause"> {
  readonly store: Pick<SourceStore, "sources" | "problems">;
  readonly connected: Pick<ConnectedSources, "opened">;
  readonly nowMs: () => number;
  readonly reportFailure: ReportFailure;
}

export function startSourceScans(parts: SourceScansParts): { readonly stop: () => void } {
  const { store, scans, pause, connected, nowMs, reportFailure } = parts;
  const scanParts = { scans, pause, problems: store.problems, isSureOfDrops: false };

  async function round(): Promise<void> {
    try {
      for (const source of await store.sources()) {
        const isScanned = await scan(source).catch(tellUnlessUnavailable);
        if (isScanned) await store.problems.forget(source.id, nowMs() - FORGOTTEN_MS);
      }
    } catch (error) {
      tellUnlessUnavailable(error);
    }
  }

  /** Of a source that cannot tell its labels, problems are what lookups met: they are forgotten like others. */
  async function scan(source: StoredSource): Promise<boolean> {
    if ((await connected.opened(source)).labelsAfter === null) return true;
    const labelsAfter: ListedSource["labelsAfter"] = async (...asked) => {
      await delay(REST_MS, undefined, { ref: false });
      // it may have been connected anew
      const { labelsAfter: list } = await connected.opened(source);
      if (list === null) throw new SignpostError("INTERNAL", "A source cannot list any more.");
      return list(...asked);
    };
    return (await scanSource(source, { labelsAfter }, scanParts, SCAN_MS)) !== null;
  }

  /** That our own database does not answer is for the readiness to say. */
  function tellUnlessUnavailable(error: unknown): null {
    if (!isSignpostError(error, "DATABASE_UNAVAILABLE")) reportFailure(toSignpostError(error));
    return null;
  }

  const rounds = startRounds(round, () => ROUND_MS);
  return {
    stop: () => {
      void rounds.stop();
    },
  };
}
