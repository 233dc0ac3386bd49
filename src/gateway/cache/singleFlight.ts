/** Single flight: of many that want the same at once, one does the work and all get its result. */

/** How long work may be under way for another one to join it: what it has read may be that old. */
const JOINABLE_MS = 1000;

/**
 * V8 gives a map that things come to and leave a new table every now and then, and lets the former table, which still
 * holds what was in it, point to the new one. Once one of them has grown old, the garbage collector takes all that follow
 * for alive, with every answer in them, until it next looks at old memory: megabytes a second. So the map is replaced
 * before a table grows old.
 */
const MOST_ADDED = 128;

export interface SingleFlight<Result> {
  /** The result of work for the same key that is under way, or else of `work`. */
  join(key: string, work: () => Promise<Result>): Promise<Result>;
  /** Work that is under way now is joined by nobody any more. */
  forget(): void;
}

export function singleFlight<Result>(nowMs: () => number): SingleFlight<Result> {
  let underWay = new Map<string, { result: Promise<Result>; sinceMs: number }>();
  let added = 0;

  return {
    join(key, work) {
      const joined = underWay.get(key);
      if (joined && nowMs() - joined.sinceMs < JOINABLE_MS) return joined.result;
      if (++added > MOST_ADDED) {
        underWay = new Map(underWay);
        added = 0;
      }
      const mine = { result: work(), sinceMs: nowMs() };
      underWay.set(key, mine);
      const leave = () => {
        if (underWay.get(key) === mine) underWay.delete(key);
      };
      mine.result.then(leave, leave);
      return mine.result;
    },
    forget() {
      underWay = new Map();
    },
  };
}
