/** Things that come while a test runs. */
export interface Arrivals<T> {
  readonly all: readonly T[];
  readonly add: (one: T) => void;
  /** Resolves with the first that is so, among those that came and those to come. */
  readonly first: (isIt: (one: T) => boolean) => Promise<T>;
}

export function arrivals<T>(): Arrivals<T> {
  const all: T[] = [];
  const waiting = new Set<(one: T) => void>();
  return {
    all,
    add: (one) => {
      all.push(one);
      for (const look of waiting) look(one);
    },
    first: (isIt) =>
      new Promise((resolve) => {
        const found = all.find(isIt);
        if (found !== undefined) {
          resolve(found);
          return;
        }
        const look = (one: T) => {
          if (!isIt(one)) return;
          waiting.delete(look);
          resolve(one);
        };
        waiting.add(look);
      }),
  };
}
