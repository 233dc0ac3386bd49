/** What time does to conversations and messages, and what is left of accounts that are gone, in small steps beside everything else. */
import { startRounds } from "../../health/rounds.js";
import { toSignpostError } from "../../http/shownError.js";
import type { Parts } from "../../service/capability.js";
import type { Step, StorageAccountStore, StorageRetention } from "../../storage/store.js";
import type { RetentionWork, StorageMetrics } from "./metrics.js";

const PAUSE_MS = 10 * 60_000;
const IN_ONE_STEP = 1_000;
/** So long a sign-up is kept that nobody proved a key for: anybody can make it, of a public profile. */
const UNPROVEN_MS = 86_400_000;
/** So long a relay node has a message usually (RELAY_MESSAGE_TTL_DAYS): until then it may be sent here once more. */
const DELETION_MS = 90 * 86_400_000;

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
  const all = async (work: RetentionWork, step: () => Promise<Step>): Promise<void> => {
    for (let isLast = false; !isStopping && !isLast;) {
      const done = await step();
      note(work, done.rows);
      ({ isLast } = done);
    }
  };
  const deleteRows = async (): Promise<Step> => {
    const rows = await stores.accounts.deleteRows(IN_ONE_STEP);
    return { rows, isLast: rows === 0 };
  };
  const tried = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      reportFailure(toSignpostError(error));
      return false;
    }
  };
  const round = async () => {
    // what users and operators asked for comes first, and nothing keeps the others from being done
    const isDone = [
      await tried(() => all("removed", deleteRows)),
      await tried(() => all("deleted", () => stores.retention.deleteRemoved(IN_ONE_STEP))),
      await tried(() =>
        all("expired", () => stores.retention.expire(nowMs(), retentionDays, IN_ONE_STEP)),
      ),
      await tried(() =>
        all("forgotten", () =>
          stores.retention.forgetDeletions(nowMs() - DELETION_MS, IN_ONE_STEP),
        ),
      ),
      await tried(() => stores.retention.forgetAccounts(nowMs() - UNPROVEN_MS)),
      await tried(() => stores.retention.forgetChallenges()),
    ];
    if (!isStopping && isDone.every(Boolean)) doneMs = nowMs();
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
