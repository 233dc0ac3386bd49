/** What time does to conversations and messages, and what is left of accounts that are gone, in small steps beside everything else. */
import type { SignpostError } from "../../errors.js";
import { startRounds } from "../../health/rounds.js";
import { toSignpostError } from "../../http/shownError.js";
import type { Parts } from "../../service/capability.js";
import type { Step, StorageAccountStore, StorageRetention } from "../../storage/store.js";
import type { RetentionWork, StorageMetrics } from "./metrics.js";

const PAUSE_MS = 10 * 60_000;
const IN_ONE_STEP = 1_000;
/** Of one round. Where more fail, it is no single account that is wrong. */
const MOST_LEFT_OUT = 100;
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
  const { retention } = stores;
  let isStopping = false;
  let doneMs: number | null = null;
  /** An account that fails is told, and left out until the next round. */
  const all = async (
    work: RetentionWork | null,
    step: (without: readonly number[]) => Promise<Step>,
  ): Promise<void> => {
    const without: number[] = [];
    let first: SignpostError | null = null;
    for (let isLast = false; !isStopping && !isLast;) {
      const { rows, failed, ...done } = await step(without);
      if (work !== null) note(work, rows);
      for (const { account, error } of failed) {
        const failure = toSignpostError(error);
        // told by whoever tries this work
        if (first === null) first = failure;
        else reportFailure(failure);
        without.push(account);
      }
      isLast = done.isLast || without.length >= MOST_LEFT_OUT;
    }
    if (first !== null) throw first;
  };
  const deleteRows = async (): Promise<Step> => {
    const rows = await stores.accounts.deleteRows(IN_ONE_STEP);
    return { rows, failed: [], isLast: rows === 0 };
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
      await tried(() => all("deleted", (without) => retention.deleteRemoved(IN_ONE_STEP, without))),
      await tried(() =>
        all("expired", (without) => retention.expire(nowMs(), retentionDays, IN_ONE_STEP, without)),
      ),
      await tried(() =>
        all("forgotten", (without) =>
          retention.forgetDeletions(nowMs() - DELETION_MS, IN_ONE_STEP, without),
        ),
      ),
      await tried(() =>
        all(null, () => retention.forgetAccounts(nowMs() - UNPROVEN_MS, IN_ONE_STEP)),
      ),
      await tried(() => retention.forgetChallenges()),
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
