/**
 * Answers that were signed before, ready to be sent again. Bounded by bytes, and by age: see `answers.ts` for when
 * one may be given again.
 *
 * Two generations instead of a list in order of use: a new answer, and an old one that is used, goes into the
 * young generation; when that is full it becomes the old one, and what nobody had used since is gone. So a flood
 * of names that are asked once drives out at most those that nobody asks for either.
 */
import type { AnswerBasis } from "../gateway.js";
import type { Renewable } from "./renewal.js";

export interface HeldAnswer<Ready> extends Renewable {
  /** In the form in which it is sent. */
  readonly ready: Ready;
  readonly basis: AnswerBasis;
  /** The last moment at which it may be given, in milliseconds of Unix time. */
  readonly giveUntilMs: number;
}

export interface AnswerCache<Ready> {
  get(request: string): HeldAnswer<Ready> | null;
  /** @param bytes how much memory the answer takes, its key included */
  set(request: string, held: HeldAnswer<Ready>, bytes: number): void;
  clear(): void;
  readonly entries: number;
  readonly bytes: number;
}

interface Generation<Ready> {
  readonly answers: Map<string, { held: HeldAnswer<Ready>; bytes: number }>;
  bytes: number;
}

/** @param mostBytes of both generations together; 0 holds nothing */
export function answerCache<Ready>(mostBytes: number): AnswerCache<Ready> {
  let young: Generation<Ready> = { answers: new Map(), bytes: 0 };
  let old: Generation<Ready> = { answers: new Map(), bytes: 0 };

  function set(request: string, held: HeldAnswer<Ready>, bytes: number): void {
    if (bytes > mostBytes / 2) return;
    young.bytes += bytes - (young.answers.get(request)?.bytes ?? 0);
    young.answers.set(request, { held, bytes });
    if (young.bytes <= mostBytes / 2) return;
    old = young;
    young = { answers: new Map(), bytes: 0 };
  }

  return {
    get(request) {
      const inYoung = young.answers.get(request);
      if (inYoung) return inYoung.held;
      const inOld = old.answers.get(request);
      if (!inOld) return null;
      old.answers.delete(request);
      old.bytes -= inOld.bytes;
      set(request, inOld.held, inOld.bytes);
      return inOld.held;
    },
    set,
    clear() {
      young = { answers: new Map(), bytes: 0 };
      old = { answers: new Map(), bytes: 0 };
    },
    get entries() {
      return young.answers.size + old.answers.size;
    },
    get bytes() {
      return young.bytes + old.bytes;
    },
  };
}
