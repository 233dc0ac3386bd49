/** What time does to conversations and messages, and what is left of accounts that are gone, in small steps beside everything else. */
import { startRounds } from "../../health/rounds.js";
import { toSignpostError } from "../../http/shownError.js";
import type { Parts } from "../../service/capability.js";
import type { StorageAccountStore, StorageRetention } from "../../storage/store.js";
import type { RetentionWork, StorageMetrics } from "./metrics.js";

const PAUSE_MS = 10 * 60_000;
const IN_ONE_STEP = 1_000;

export interface Retention {
  /** When all that there was had been done, in Unix milliseconds; null before the first time. */
  readonly doneMs: () => number | null;
  /** Ends it, with the step under way. */
  stop(): Promise<void>;
}

interface RetentionOptions extends Pick<Parts, "nowMs" | "reportFailure"> {
  readonly retentionDays: number | null;
  readonly note: StorageMetrics["retained"];
}

export function startStorageRetention(
  stores: {
    readonly retention: StorageRetention;
    readonly accounts: Pick<StorageAccountStore, "deleteRows">;
  },
  { nowMs, reportFailure, retentionDays, note }: RetentionOptions,
): Retention {
  let isStopping = false;
  let doneMs: number | null = null;
  const all = async (work: RetentionWork, step: () => Promise<number>): Promise<void> => {
    for (let ended = 1; !isStopping && ended > 0;) note(work, (ended = await step()));
  };
  const round = async () => {
    try {
      await all("expired", () => stores.retention.expire(nowMs(), retentionDays, IN_ONE_STEP));
      await all("removed", () => stores.accounts.deleteRows(IN_ONE_STEP));
      await stores.retention.forgetChallenges();
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
