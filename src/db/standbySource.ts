/**
 * Lookups on a primary and its hot standbys: what the primary cannot answer is asked of a standby, within the same
 * time. While the primary is down, lookups go to the standby at once, and single questions find out whether the
 * primary is back.
 *
 * A standby is behind by what had not reached it: it may answer with what a name said a moment ago.
 */
import { isSignpostError } from "../errors.js";
import type { RecordSource } from "../registry/store.js";
import { availability } from "./availability.js";
import { answerWithin } from "./timeLimit.js";

export interface StandbySource extends RecordSource {
  /**
   * Asks every database, and returns those that did not answer. Throws what the primary threw when none did,
   * for then no lookup can be answered.
   */
  check(): Promise<readonly SilentDatabase[]>;
}

interface SilentDatabase {
  /** 0 is the primary, 1 the first standby. */
  readonly index: number;
  readonly error: unknown;
}

export interface StandbyOptions {
  /** How long one lookup may take, over all databases that it is asked of. */
  readonly longestLookupMs: number;
  /** A clock, in milliseconds; only its differences count. It must not be set back. */
  readonly nowMs: () => number;
}

/** @param databases the primary first */
export function standbySource(
  databases: readonly [RecordSource, ...RecordSource[]],
  { longestLookupMs, nowMs }: StandbyOptions,
): StandbySource {
  const known = availability(databases.length);

  async function ask<Answer>(
    question: (database: RecordSource) => Promise<Answer>,
  ): Promise<Answer> {
    for (const index of known.beginProbes(nowMs())) void probe(index);
    const deadlineMs = nowMs() + longestLookupMs;
    const order = known.order();
    let firstError: unknown;
    for (const [place, index] of order.entries()) {
      // an equal share of what is left, so that a database that hangs leaves time for the next one
      const shareMs = (deadlineMs - nowMs()) / (order.length - place);
      try {
        const answer = await answerWithin(shareMs, question(databases[index] ?? databases[0]));
        known.answered(index);
        return answer;
      } catch (error) {
        if (!isSignpostError(error, "DATABASE_UNAVAILABLE")) throw error;
        known.failed(index, nowMs());
        firstError ??= error;
      }
    }
    throw firstError;
  }

  /** Never throws: null when the database has answered. */
  async function probe(index: number): Promise<SilentDatabase | null> {
    const database = databases[index] ?? databases[0];
    try {
      await answerWithin(longestLookupMs, database.servedResolvers());
      known.answered(index);
      return null;
    } catch (error) {
      known.failed(index, nowMs());
      return { index, error };
    }
  }

  return {
    recordsOf: (node) => ask((database) => database.recordsOf(node)),
    standingOf: (node) => ask((database) => database.standingOf(node)),
    ownersOfTwins: (twinned) => ask((database) => database.ownersOfTwins(twinned)),
    servedResolvers: () => ask((database) => database.servedResolvers()),
    serving: () => ask((database) => database.serving()),
    check: async () => {
      const outcomes = await Promise.all(databases.map((_, index) => probe(index)));
      const silent = outcomes.filter((outcome) => outcome !== null);
      if (silent.length === databases.length) throw silent[0]?.error;
      return silent;
    },
  };
}
