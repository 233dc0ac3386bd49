/** What one user of the server can make the gateway do, and all of them together. Over it a client is told to try again later. */
import { type FairTurns, fairTurns } from "./fairTurns.js";
import { type Rate, rates } from "./rates.js";

/**
 * What users do, each kind with bounds of its own:
 *
 *   submission   one after the other, so that they are kept in their order
 *   acceptance   of what was delivered: an app that was away a long time has thousands
 *   question     IQs: linking, discovery
 *   presence     a login asks about every contact
 */
export type Kind = "submission" | "acceptance" | "question" | "presence";

type KindLimits = Rate & { readonly atOnceOfOne: number };
export type AdmissionLimits = Readonly<Record<Kind, KindLimits>>;

export const DEFAULT_LIMITS: AdmissionLimits = {
  submission: { atOnce: 300, perSec: 30, atOnceOfOne: 1 },
  acceptance: { atOnce: 5_000, perSec: 500, atOnceOfOne: 16 },
  question: { atOnce: 100, perSec: 10, atOnceOfOne: 4 },
  presence: { atOnce: 1_000, perSec: 20, atOnceOfOne: 2 },
};

/** For each kind; of all kinds together at most 4 × 32 events are under way, and 4 × 32 MiB wait. */
const AT_ONCE = 32;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_BYTES_OF_ONE = 8 * 1024 * 1024;

export interface Admission {
  /** False, and nothing done, where this user or all together do too much. `task` must not throw. */
  readonly admit: (who: string, kind: Kind, bytes: number, task: () => Promise<void>) => boolean;
  /** Settled when nothing is under way. */
  readonly idle: () => Promise<void>;
}

export function admission(limits: AdmissionLimits, nowMs: () => number): Admission {
  const of = (kind: Kind) => ({
    rates: rates(limits[kind], nowMs),
    turns: fairTurns({
      atOnce: AT_ONCE,
      atOnceOfOne: limits[kind].atOnceOfOne,
      mostBytes: MOST_BYTES,
      mostBytesOfOne: MOST_BYTES_OF_ONE,
    }),
  });
  const kinds: Readonly<Record<Kind, { rates: ReturnType<typeof rates>; turns: FairTurns }>> = {
    submission: of("submission"),
    acceptance: of("acceptance"),
    question: of("question"),
    presence: of("presence"),
  };
  return {
    admit: (who, kind, bytes, task) =>
      kinds[kind].rates.take(who) && kinds[kind].turns.add(who, bytes, task),
    idle: async () => {
      await Promise.all(Object.values(kinds).map(({ turns }) => turns.idle()));
    },
  };
}
