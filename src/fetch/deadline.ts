import { SignpostError } from "../errors.js";
import { unlessAborted } from "./unlessAborted.js";
import { within } from "./within.js";

/** The moment by which a whole resolution has to be done, however many servers it asks; or the caller's own signal. */
export class Deadline {
  readonly #endMs: number;

  constructor(
    readonly timeoutMs: number,
    readonly signal?: AbortSignal,
  ) {
    this.#endMs = performance.now() + timeoutMs;
  }

  /** Milliseconds left; never less than 1, so that a late request fails as a time-out of its own. */
  get remainingMs(): number {
    return Math.max(1, Math.floor(this.#endMs - performance.now()));
  }

  /** An equal share of what is left for each of `attempts`, so that a slow one leaves time for the next. */
  shareMs(attempts: number): number {
    return Math.max(1, Math.floor(this.remainingMs / attempts));
  }

  /**
   * Settles like `answer`, or throws UNREACHABLE when the deadline comes first, or the signal's reason when that is
   * aborted.
   */
  async race<T>(answer: Promise<T>): Promise<T> {
    const inTime = within(this.remainingMs, answer, () => {
      const reason = `no answer came within ${this.timeoutMs} ms`;
      throw new SignpostError("UNREACHABLE", `Out of time: ${reason}.`, { reason });
    });
    return await unlessAborted(this.signal, inTime);
  }
}
