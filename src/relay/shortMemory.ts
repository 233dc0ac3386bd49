/** What the database said a moment ago, for whoever asks several times about one message. Absence is not remembered. */

export interface ShortMemory<Value> {
  /** As it was read `longestMs` ago, or later; what is null or false is read each time. */
  readonly of: (key: string, read: () => Promise<Value>) => Promise<Value>;
  /** Nothing that was read or asked before counts any more. */
  readonly clear: () => void;
}

/** Beyond it all is forgotten. */
const MOST = 10_000;

/** @param isSmall whether it may be kept; default: all may */
export function shortMemory<Value>(
  nowMs: () => number,
  longestMs: number,
  isSmall: (value: Value) => boolean = () => true,
): ShortMemory<Value> {
  let known = new Map<string, { readonly value: Value; readonly sinceMs: number }>();
  return {
    of: async (key, read) => {
      const before = known.get(key);
      const sinceMs = nowMs();
      const ageMs = sinceMs - (before?.sinceMs ?? 0);
      // below zero when the clock was set back
      if (before !== undefined && ageMs >= 0 && ageMs < longestMs) return before.value;
      if (known.size >= MOST) known = new Map();
      const mine = known;
      const value = await read();
      if (value !== null && value !== false && isSmall(value)) mine.set(key, { value, sinceMs });
      return value;
    },
    clear: () => {
      // what is being read now goes into the map of before
      known = new Map();
    },
  };
}
