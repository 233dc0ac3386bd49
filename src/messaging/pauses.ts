/** Accounts whose receiver the network asked to be left alone for a while. */
import { isSignpostError } from "../errors.js";

export interface Pauses {
  readonly isPaused: (account: string) => boolean;
  /** As long as the error says (`retryAfterSec` of UNREACHABLE); a while for what nobody expected; not at all for the rest. */
  readonly begin: (account: string, error: unknown) => void;
  readonly end: (account: string) => void;
}

/** One message that nobody can handle is not logged each second. */
const AFTER_DEFECT_SEC = 60;

/** @param nowMs Unix time in milliseconds */
export function pauses(nowMs: () => number): Pauses {
  const untilMs = new Map<string, number>();
  return {
    isPaused: (account) => {
      const until = untilMs.get(account);
      if (until === undefined) return false;
      if (nowMs() < until) return true;
      untilMs.delete(account);
      return false;
    },
    begin: (account, error) => {
      if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return;
      const waitSec = isSignpostError(error, "UNREACHABLE")
        ? error.details["retryAfterSec"]
        : AFTER_DEFECT_SEC;
      if (typeof waitSec === "number") untilMs.set(account, nowMs() + waitSec * 1_000);
    },
    end: (account) => {
      untilMs.delete(account);
    },
  };
}
