/** What a process under load tells of its memory (memoryReport.mjs), and whether it stayed level, for people. */
import { type Allowance, type Flatness, flatness, type MemorySample } from "./flatness.js";

export interface MemoryReport {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly afterCollection: boolean;
}

export interface MemorySamples {
  readonly residentSamples: readonly MemorySample[];
  /** Right after a collection. */
  readonly heapSamples: readonly MemorySample[];
}

const MIB = 2 ** 20;
/** Pages come and go with the allocator and the collector; five minutes of a real leak are far above. */
const RESIDENT: Allowance = { bytes: 12 * MIB, share: 0.05 };
/** After a collection only what is held counts: connections, caches, code. */
const HEAP: Allowance = { bytes: 2 * MIB, share: 0.05 };

export function noteMemory(
  { residentSamples, heapSamples }: Record<keyof MemorySamples, MemorySample[]>,
  { rssBytes, heapBytes, afterCollection }: MemoryReport,
  atMs: number,
): void {
  if (afterCollection) heapSamples.push({ atMs, bytes: heapBytes });
  else residentSamples.push({ atMs, bytes: rssBytes });
}

/** Judges the second half of a run of so many milliseconds, and prints it. Throws as `flatness`. */
export function printMemory(
  { residentSamples, heapSamples }: MemorySamples,
  durationMs: number,
): { readonly isFlat: boolean } {
  const secondHalf = ({ atMs }: MemorySample) => atMs >= durationMs / 2 && atMs <= durationMs;
  const resident = flatness(residentSamples.filter(secondHalf), RESIDENT);
  const heap = flatness(heapSamples.filter(secondHalf), HEAP);
  const peak = Math.max(...residentSamples.map(({ bytes }) => bytes));
  console.log(`resident memory  ${inWords(resident)}, at most ${megabytes(peak)}`);
  console.log(`heap, collected  ${inWords(heap)}`);
  return { isFlat: resident.flat && heap.flat };
}

function inWords({ flat, meanBytes, growthBytes, allowedBytes }: Flatness): string {
  return `${flat ? "flat" : "GROWS"}: ${megabytes(meanBytes)} on average, ${megabytes(growthBytes)} of growth in the second half, ${megabytes(allowedBytes)} allowed`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
