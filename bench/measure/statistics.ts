/** Few, unequal samples: the middle one says most, the two ends say how far to trust it. */
import { SignpostError } from "../../src/errors.js";

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Throws INTERNAL without a value: a median of nothing would be a made-up number. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  if (lowest === undefined || highest === undefined) {
    throw new SignpostError("INTERNAL", "There is no median of no values.");
  }
  const median = middle.reduce((sum, value) => sum + value, 0) / middle.length;
  return { median, lowest, highest };
}

/** The same over values of which some could not be measured; null when none could. */
export function spreadOfMeasured(values: readonly (number | null)[]): Spread | null {
  const measured = values.filter((value) => value !== null);
  return measured.length === 0 ? null : spreadOf(measured);
}

/**
 * `ours` divided by `theirs`, round by round: the two of a round were measured one after the other, so that what
 * slows down the machine for a while slows down both. Null when a round lacks a value.
 */
export function ratioByRound(
  ours: readonly (number | null)[],
  theirs: readonly (number | null)[],
): Spread | null {
  const ratios = ours.map((value, round) => {
    const other = theirs[round] ?? null;
    return value === null || other === null || other === 0 ? null : value / other;
  });
  return ratios.length === 0 || ratios.includes(null) ? null : spreadOfMeasured(ratios);
}
