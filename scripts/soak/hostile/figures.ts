/** What one measurement comes to, and what it should come to. */
import { percentile } from "./latencies.js";
import type { Measurement } from "./measurement.js";

const MB = 1_000_000;

export interface Figures {
  readonly quietP99Ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** p99 under attack by the quiet p99. */
  readonly ratio: number;
  readonly failedLookups: number;
  readonly lookups: number;
  readonly apiP99Ms: number;
  /** Writes of the good domain that were not answered 200. */
  readonly refusedWrites: number;
  /** Claims of honest contract wallets that were not answered 201. */
  readonly refusedClaims: number;
  readonly rssMb: number | null;
}

/** The most that is allowed. */
export const TARGETS = {
  ratio: 5,
  failedLookups: 0,
  apiP99Ms: 1_000,
  refusedWrites: 0,
  refusedClaims: 0,
  rssMb: 400,
} as const satisfies Partial<Record<keyof Figures, number>>;

export type Target = keyof typeof TARGETS;

/** @param quietP99Ms of this build in this run */
export function figuresOf(measurement: Measurement, quietP99Ms: number): Figures {
  const { attacked, writes, claims, peakRssBytes } = measurement;
  const p99Ms = p99(attacked.ms);
  return {
    ...{ quietP99Ms, p99Ms, ratio: p99Ms / quietP99Ms },
    p50Ms: percentile(attacked.ms, 0.5) ?? NaN,
    failedLookups: attacked.failed,
    lookups: attacked.ms.length,
    apiP99Ms: p99(writes.map(({ ms }) => ms)),
    refusedWrites: writes.filter(({ status }) => status !== 200).length,
    refusedClaims: claims.filter(({ status }) => status !== 201).length,
    rssMb: peakRssBytes === null ? null : peakRssBytes / MB,
  };
}

/** The median of all quiet times: another program may have disturbed one of them. */
export function quietP99Of(measurements: readonly Measurement[]): number {
  return (
    percentile(
      measurements.map(({ quiet }) => p99(quiet.ms)),
      0.5,
    ) ?? NaN
  );
}

function p99(values: readonly number[]): number {
  return percentile(values, 0.99) ?? NaN;
}

export function missed(figures: Figures): readonly Target[] {
  const targets = Object.keys(TARGETS) as Target[];
  return targets.filter((target) => (figures[target] ?? 0) > TARGETS[target]);
}

/** The worst of several attacks. */
export function worst(all: readonly Figures[], key: Target): number {
  return Math.max(...all.map((figures) => figures[key] ?? 0));
}
