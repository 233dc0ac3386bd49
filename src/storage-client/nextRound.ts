/**
 * When the writer goes its next round: at once for what is new, and when something that was left alone may be tried again. Where the
 * storage gives no answer, later each time, whatever is new.
 */
import type { StorageParts } from "../messenger/storagePort.js";
import { pauseMs } from "../sending/patience.js";
import { AFTER_FAILURE } from "./pauses.js";

export interface NextRound {
  /** There is something new. Where the storage gave no answer, it waits with the rest. */
  readonly added: () => void;
  /** At once, whatever was before. */
  wake(): void;
  /** A round begins. What is added from now on it may not see. */
  begins(): void;
  /**
   * Resolves when it is time for the next one.
   * @param wasAnswered whether the storage answered in this round
   * @param untilMs how long something is left alone yet; Infinity where nothing is
   */
  after(wasAnswered: boolean, untilMs: number): Promise<void>;
}

export function createNextRound({
  clock,
  sleep,
}: Pick<StorageParts, "clock" | "sleep">): NextRound {
  /** Rounds in a row that the storage did not answer. */
  let failures = 0;
  /** Both since the round began. */
  let isNew = false;
  let isWoken = false;
  let sleeping: AbortController | null = null;

  return {
    added() {
      isNew = true;
      if (failures === 0) sleeping?.abort();
    },
    wake() {
      isWoken = true;
      sleeping?.abort();
    },
    begins() {
      isNew = false;
      isWoken = false;
    },
    async after(wasAnswered, untilMs) {
      failures = wasAnswered ? 0 : failures + 1;
      if (isWoken || (isNew && wasAnswered)) return;
      sleeping = new AbortController();
      const ms = wasAnswered ? untilMs : pauseMs(failures, AFTER_FAILURE, clock.chance());
      await sleep(ms, sleeping.signal);
      sleeping = null;
    },
  };
}
