/**
 * Signed answers, ready to be sent again, bounded by bytes. answers.ts decides when one may be given again.
 *
 * Eviction is by two generations instead of a list in order of use: a new answer, and an old one that is used, goes
 * into the young generation; when that is full it becomes the old one, and what was not used since is dropped. So a
 * flood of names that are asked for once evicts at most what nobody asks for either.
 */
import type { AnswerBasis } from "../gateway.js";
import type { Refreshable } from "./refreshAhead.js";

export interface CachedAnswer<Ready> extends Refreshable {
  /** In the form in which it is sent. */
  readonly ready: Ready;
  readonly basis: AnswerBasis;
  readonly from: "cache";
  /** The last moment at which it may be given, in milliseconds of Unix time. */
  readonly usableUntilMs: number;
}

export interface AnswerCache<Ready> {
  get(key: string): CachedAnswer<Ready> | null;
  /** @param bytes how much memory the answer takes, its key included */
  set(key: string, cached: CachedAnswer<Ready>, bytes: number): void;
  clear(): void;
  readonly entries: number;
  readonly bytes: number;
}

interface Generation<Ready> {
  readonly answers: Map<string, { cached: CachedAnswer<Ready>; bytes: number }>;
  bytes: number;
}

/** @param mostBytes of both generations together; 0 caches nothing */
export function answerCache<Ready>(mostBytes: number): AnswerCache<Ready> {
  let young: Generation<Ready> = { answers: new Map(), bytes: 0 };
  let old: Generation<Ready> = { answers: new Map(), bytes: 0 };

  function set(key: string, cached: CachedAnswer<Ready>, bytes: number): void {
    if (bytes > mostBytes / 2) return;
    const replaced = young.answers.get(key)?.bytes ?? 0;
    if (young.bytes - replaced + bytes <= mostBytes / 2) {
      young.bytes += bytes - replaced;
      young.answers.set(key, { cached, bytes });
      return;
    }
    // what does not fit begins the next generation, so that neither is ever larger than its half
    old = young;
    young = { answers: new Map([[key, { cached, bytes }]]), bytes };
  }

  return {
    get(key) {
      const inYoung = young.answers.get(key);
      if (inYoung) return inYoung.cached;
      const inOld = old.answers.get(key);
      if (!inOld) return null;
      old.answers.delete(key);
      old.bytes -= inOld.bytes;
      set(key, inOld.cached, inOld.bytes);
      return inOld.cached;
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
