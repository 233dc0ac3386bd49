/** The lease is renewed beside the work, however long a step takes; whoever lost it ends. */
import { isSignpostError } from "../errors.js";
import type { MirrorLease, MirrorStore } from "./mirrorStore.js";

/** Another process goes on so long after the one that followed was killed. */
export const LEASE_MS = 20_000;
const RENEWED_MS = 5_000;

export interface LeaseParts {
  readonly lease: MirrorLease;
  readonly store: Pick<MirrorStore, "renew">;
  /** Resolves after so many milliseconds, or when the mirror is to end, or `until` is aborted. */
  readonly rest: (ms: number, until?: AbortSignal) => Promise<void>;
  readonly isOver: () => boolean;
  /** What is under way ends: another process follows. */
  readonly giveUp: () => void;
}

/** Runs `work` with a lease that was taken. */
export async function keepLease<T>(parts: LeaseParts, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const renewing = renewUntil(parts, done.signal);
  try {
    return await work();
  } finally {
    done.abort();
    await renewing;
  }
}

async function renewUntil(parts: LeaseParts, done: AbortSignal): Promise<void> {
  const { store, lease, rest, isOver, giveUp } = parts;
  for (;;) {
    await rest(RENEWED_MS, done);
    if (done.aborted || isOver()) return;
    try {
      if (await store.renew(lease, LEASE_MS)) continue;
      giveUp();
      return;
    } catch (error) {
      // the next one may come through; until then the lease runs out, and whoever takes it then is found here
      if (!isSignpostError(error)) throw error;
    }
  }
}
