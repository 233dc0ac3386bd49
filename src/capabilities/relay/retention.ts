/** What time does to messages and blobs, in small steps beside everything else. */
import { startRounds } from "../../health/rounds.js";
import { toSignpostError } from "../../http/shownError.js";
import type { BlobStore } from "../../relay/blobStore.js";
import type { RetentionStore } from "../../relay/store.js";
import type { Parts } from "../../service/capability.js";

const PAUSE_MS = 60_000;
const IN_ONE_STEP = 1_000;
/** They are long. */
const BLOBS_IN_ONE_STEP = 50;
const DAY_MS = 86_400_000;

/** @returns ends it, with the step under way */
export function startRetention(
  store: RetentionStore,
  blobs: Pick<BlobStore, "expire">,
  ttlDays: number,
  { nowMs, reportFailure }: Pick<Parts, "nowMs" | "reportFailure">,
): () => Promise<void> {
  let isStopping = false;
  const all = async (step: () => Promise<number>, most: number): Promise<void> => {
    while (!isStopping && (await step()) === most);
  };
  const round = async () => {
    try {
      const beforeMs = nowMs() - ttlDays * DAY_MS;
      await all(() => store.expire(beforeMs, IN_ONE_STEP), IN_ONE_STEP);
      await all(() => store.forget(beforeMs, IN_ONE_STEP), IN_ONE_STEP);
      await all(() => blobs.expire(nowMs(), BLOBS_IN_ONE_STEP), BLOBS_IN_ONE_STEP);
    } catch (error) {
      reportFailure(toSignpostError(error));
    }
  };
  const rounds = startRounds(round, () => PAUSE_MS);
  return () => {
    isStopping = true;
    return rounds.stop();
  };
}
