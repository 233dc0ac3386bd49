/** Whether memory stayed level: a line through all samples, so that the teeth of the garbage collector do not count. */
export interface MemorySample {
  /** Since the load began. */
  readonly atMs: number;
  readonly bytes: number;
}

export interface Allowance {
  /** Growth over the whole window that is noise on any process, in bytes. */
  readonly bytes: number;
  /** Or this part of the mean, where that is more. */
  readonly share: number;
}

export interface Flatness {
  readonly flat: boolean;
  readonly meanBytes: number;
  /** What the line rises by from the first sample to the last; below zero when it falls. */
  readonly growthBytes: number;
  readonly allowedBytes: number;
}

/** Fewer say nothing. */
const LEAST_SAMPLES = 8;

/** Fits a line by least squares. Throws with fewer than 8 samples, or when all are of one moment. */
export function flatness(samples: readonly MemorySample[], allowance: Allowance): Flatness {
  const times = samples.map(({ atMs }) => atMs);
  const spanMs = Math.max(...times) - Math.min(...times);
  if (samples.length < LEAST_SAMPLES || spanMs <= 0) {
    throw new Error(
      `${samples.length} samples over ${spanMs} ms are too few to tell whether memory grows; run for longer.`,
    );
  }
  const meanMs = mean(times);
  const meanBytes = mean(samples.map(({ bytes }) => bytes));
  let covariance = 0;
  let variance = 0;
  for (const { atMs, bytes } of samples) {
    covariance += (atMs - meanMs) * (bytes - meanBytes);
    variance += (atMs - meanMs) ** 2;
  }
  const growthBytes = (covariance / variance) * spanMs;
  const allowedBytes = Math.max(allowance.bytes, allowance.share * meanBytes);
  return { flat: growthBytes <= allowedBytes, meanBytes, growthBytes, allowedBytes };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
