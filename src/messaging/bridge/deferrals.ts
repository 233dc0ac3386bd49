/** What could not be handed over just now, and when it is tried again: later each time. */
import { isSignpostError, SignpostError } from "../../errors.js";

export interface Deferrals {
  /**
   * @param of whom it is about
   * @throws the UNREACHABLE of `work`, with `retryAfterSec` in its details
   */
  readonly around: <T>(of: string, work: () => Promise<T>) => Promise<T>;
  /** The last of those errors, with the rest of its time, while that is not over; null otherwise. */
  readonly waiting: (of: string) => SignpostError<"UNREACHABLE"> | null;
}

interface Wait {
  readonly waitSec: number;
  readonly untilMs: number;
  readonly error: SignpostError<"UNREACHABLE">;
}

/** Mail servers ask first-comers to wait for minutes (RFC 6647, section 2.5), and to be left alone between attempts. */
const FIRST_SEC = 30;
const LONGEST_SEC = 1_800;
/** Beyond it, the one that waits longest begins anew. */
const MOST = 100_000;

/**
 * @param nowMs Unix time in milliseconds
 * @param isMeant which errors defer; default: each UNREACHABLE
 */
export function deferrals(
  nowMs: () => number,
  isMeant: (error: unknown) => error is SignpostError<"UNREACHABLE"> = isUnreachable,
): Deferrals {
  const waits = new Map<string, Wait>();

  function begin(of: string, error: SignpostError<"UNREACHABLE">): SignpostError<"UNREACHABLE"> {
    const waitSec = Math.min((waits.get(of)?.waitSec ?? FIRST_SEC / 2) * 2, LONGEST_SEC);
    const named = error.details["retryAfterSec"];
    const retryAfterSec = typeof named === "number" ? named : waitSec;
    const told = withTime(error, retryAfterSec);
    waits.set(of, { waitSec, untilMs: nowMs() + retryAfterSec * 1_000, error: told });
    const [oldest] = waits.keys();
    if (waits.size > MOST && oldest !== undefined) waits.delete(oldest);
    return told;
  }

  return {
    around: async (of, work) => {
      try {
        const done = await work();
        waits.delete(of);
        return done;
      } catch (error) {
        throw isMeant(error) ? begin(of, error) : error;
      }
    },
    waiting: (of) => {
      const wait = waits.get(of);
      const leftMs = wait === undefined ? 0 : wait.untilMs - nowMs();
      return wait === undefined || leftMs <= 0 ? null : withTime(wait.error, leftMs / 1_000);
    },
  };
}

function isUnreachable(error: unknown): error is SignpostError<"UNREACHABLE"> {
  return isSignpostError(error, "UNREACHABLE");
}

function withTime(error: SignpostError<"UNREACHABLE">, retryAfterSec: number) {
  const details = { ...error.details, retryAfterSec };
  return new SignpostError("UNREACHABLE", error.message, details, { cause: error });
}
