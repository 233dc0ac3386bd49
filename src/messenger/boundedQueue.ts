/** What one side brings and the other takes, in order. Who brings waits while it is full, so that nothing piles up. */
export interface BoundedQueue<T> {
  /** False when it was closed meanwhile. */
  push(item: T): Promise<boolean>;
  /** Waits for the next one; null when it is closed. */
  next(): Promise<T | null>;
  /** Ends after what is in it. */
  finish(): void;
  /** Ends at once. */
  close(): void;
}

export function boundedQueue<T>(most: number): BoundedQueue<T> {
  const items: T[] = [];
  let isClosed = false;
  let isFinished = false;
  let waiting: (() => void)[] = [];
  const changed = () => {
    const all = waiting;
    waiting = [];
    for (const one of all) one();
  };
  const change = () => new Promise<void>((resolve) => waiting.push(resolve));
  return {
    async push(item) {
      while (!isClosed && items.length >= most) await change();
      if (isClosed) return false;
      items.push(item);
      changed();
      return true;
    },
    async next() {
      while (!isClosed && !isFinished && items.length === 0) await change();
      if (isClosed) return null;
      const [item] = items.splice(0, 1);
      changed();
      return item ?? null;
    },
    finish() {
      isFinished = true;
      changed();
    },
    close() {
      isClosed = true;
      changed();
    },
  };
}
