/** What time does to messages and blobs, in small steps beside everything else. */
import { startRounds } from "../../health/rounds.js";
import { toSignpostError } from "../../http/shownError.js";
import type { BlobStore } from "../../relay/blobStore.js";
import type { RetentionStore } from "../../relay/store.js";
import type { Parts } from "../../service/capability.js";
import type { RelayMetrics, RetentionWork } from "./metrics.js";

const PAUSE_MS = 60_000;
const IN_ONE_STEP = 1_000;
/** They are long. */
const BLOBS_IN_ONE_STEP = 50;
const DAY_MS = 86_400_000;

export interface Retention {
  /** When all that there was had been done, in Unix milliseconds; null before the first time. */
  readonly doneMs: () => number | null;
  /** Ends it, with the step under way. */
  stop(): Promise<void>;
}

export function startRetention(
  store: RetentionStore,
  blobs: Pick<BlobStore, "expire">,
  ttlDays: number,
  {
    nowMs,
    reportFailure,
    note,
  }: Pick<Parts, "nowMs" | "reportFailure"> & { readonly note: RelayMetrics["retained"] },
): Retention {
  let isStopping = false;
  let doneMs: number | null = null;
  const all = async (
    work: RetentionWork,
    step: () => Promise<number>,
    most: number,
  ): Promise<void> => {
    for (let ended = most; !isStopping && ended === most;) note(work, (ended = await step()));
  };
  const round = async () => {
    try {
      const beforeMs = nowMs() - ttlDays * DAY_MS;
      await all("expired", () => store.expire(beforeMs, IN_ONE_STEP), IN_ONE_STEP);
      await all("forgotten", () => store.forget(beforeMs, IN_ONE_STEP), IN_ONE_STEP);
      await all("blobs", () => blobs.expire(nowMs(), BLOBS_IN_ONE_STEP), BLOBS_IN_ONE_STEP);
      if (!isStopping) doneMs = nowMs();
    } catch (error) {
      reportFailure(toSignpostError(error));
    }
  };
  const rounds = startRounds(round, () => PAUSE_MS);
  return {
    doneMs: () => doneMs,
    stop: () => {
      isStopping = true;
      return rounds.stop();
    },
  };
}
