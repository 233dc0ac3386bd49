/** How much memory a process takes beyond what it holds. V8 takes a server for a page that is soon closed. */
import { setFlagsFromString } from "node:v8";

/**
 * New objects have three times this room, in MB; V8's own limit is 16 on Node 20, more on 24. A process that answers lookups takes 20 MB and more
 * less with it. With 4 it takes a tenth more CPU. Only the start of a process can say it: `npm start` and the units do, for a process that serves alone.
 */
export const NEW_OBJECTS_FLAG = "--max-semi-space-size=8";

/** For the start of a worker, where nobody has said otherwise. */
export function workerFlags(flags: readonly string[]): string[] {
  const isSaid = flags.some((flag) => /^--max[-_]semi[-_]space[-_]size/.test(flag));
  return isSaid ? [...flags] : [...flags, NEW_OBJECTS_FLAG];
}

/**
 * V8 would let 50 MB of live objects become more than two hundred before it looks at old memory again. Half of the live objects
 * costs no throughput that could be measured.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString("--heap-growing-percent=50");
}
