import type { GatheredRows } from "./gatheredRows.js";

export interface WatchedRows extends GatheredRows {
  /** Why the question that ended last was not answered; null where it was. */
  readonly lastFailure: Error | null;
}

/** The same rows, with what the operator is told of them. */
export function watchedRows({ rowOf }: GatheredRows): WatchedRows {
  let lastFailure: Error | null = null;
  return {
    get lastFailure() {
      return lastFailure;
    },
    rowOf: async (label) => {
      try {
        const row = await rowOf(label);
        lastFailure = null;
        return row;
      } catch (error) {
        lastFailure = error instanceof Error ? error : new Error("A source failed");
        throw error;
      }
    },
  };
}
