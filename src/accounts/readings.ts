/** What somebody else has to be asked for, remembered: read once for all who ask at the same time. What could not be found out is not kept. */

export interface Readings<Key, Value> {
  /**
   * As it was read so many milliseconds ago, or later.
   * @param before called before it is read; what it throws is thrown on, and nothing is read. What it returns is called when
   *   there was an answer
   */
  readonly notOlderThan: (longestMs: number, key: Key, before?: Before) => Promise<Value>;
  /** As it is after this call. */
  readonly anew: (key: Key, before?: Before) => Promise<Value>;
}

type Before = () => () => void;

interface ReadingsOptions<Value> {
  /** A clock, in milliseconds. */
  readonly nowMs: () => number;
  /** Beyond it the one that was read longest ago is forgotten. */
  readonly most: number;
  /** Whether it is worth keeping; default: all is. */
  readonly isKept?: (value: Value) => boolean;
}

interface Reading<Value> {
  readonly value: Promise<Value>;
  readonly sinceMs: number;
}

export function readings<Key, Value>(
  read: (key: Key) => Promise<Value>,
  { nowMs, most, isKept = () => true }: ReadingsOptions<Value>,
): Readings<Key, Value> {
  const known = new Map<Key, Reading<Value>>();

  function anew(key: Key, before?: Before): Promise<Value> {
    const answered = before?.();
    const reading = { value: read(key), sinceMs: nowMs() };
    known.delete(key);
    known.set(key, reading);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    const forget = () => {
      if (known.get(key) === reading) known.delete(key);
    };
    reading.value.then((value) => {
      answered?.();
      if (!isKept(value)) forget();
    }, forget);
    return reading.value;
  }

  return {
    anew,
    notOlderThan: (longestMs, key, before) => {
      const reading = known.get(key);
      const ageMs = reading === undefined ? Infinity : nowMs() - reading.sinceMs;
      // below zero when the clock was set back: then the age is not known
      return reading !== undefined && ageMs >= 0 && ageMs < longestMs
        ? reading.value
        : anew(key, before);
    },
  };
}
