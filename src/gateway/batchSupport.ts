/**
 * Which resolvers understand answers that share a signature. Lookups ask it and never wait: what is not known, or was
 * found out too long ago, counts as no. Whoever asks the chains notes here what they said (health/batchWatch.ts).
 */

/** Longer than an RPC node is away for a moment, shorter than anybody waits for a resolver that was replaced at its address. */
export const BATCHES_KNOWN_FOR_MS = 10 * 60_000;

export interface BatchSupport {
  /** @param resolverKey of chain and resolver, see resolverKey.ts */
  takesBatches(resolverKey: string): boolean;
}

export interface NotedBatchSupport extends BatchSupport {
  /** The resolver has shown that it understands them; known from now on for ten minutes. */
  noteTaken(resolverKey: string): void;
  noteRefused(resolverKey: string): void;
}

/** @param nowMs a clock, in milliseconds; only its differences count */
export function batchSupport(nowMs: () => number): NotedBatchSupport {
  /** There are as many as resolvers that are served. */
  const takenAtMs = new Map<string, number>();
  return {
    takesBatches(resolverKey) {
      const atMs = takenAtMs.get(resolverKey);
      if (atMs === undefined) return false;
      const ageMs = nowMs() - atMs;
      // below zero when the clock was set back: then the age is not known
      const isKnown = ageMs >= 0 && ageMs < BATCHES_KNOWN_FOR_MS;
      if (!isKnown) takenAtMs.delete(resolverKey);
      return isKnown;
    },
    noteTaken: (resolverKey) => takenAtMs.set(resolverKey, nowMs()),
    noteRefused: (resolverKey) => takenAtMs.delete(resolverKey),
  };
}

/** Every answer has a signature of its own. */
export const NO_BATCHES: BatchSupport = { takesBatches: () => false };
