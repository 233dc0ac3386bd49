/**
 * Which names this process has changed within the last second: a service that publishes and looks up at once sees
 * what it wrote, although answers may otherwise be a second old.
 */
import { toHex } from "../../abi/hex.js";
import type { Node } from "../../ens/namehash.js";

export interface RecentChanges {
  note(node: Node): void;
  /** Whether the name was changed at `sinceMs` or later. */
  changedSince(node: Node, sinceMs: number): boolean;
}

/** @param forMs how long a change is remembered; older answers are not given anyway */
export function recentChanges(forMs: number, nowMs: () => number): RecentChanges {
  // in order of time, the oldest first
  const changedAtMs = new Map<string, number>();

  function forget(): void {
    const oldestMs = nowMs() - forMs;
    for (const [node, atMs] of changedAtMs) {
      if (atMs >= oldestMs) return;
      changedAtMs.delete(node);
    }
  }

  return {
    note(node) {
      forget();
      const key = toHex(node);
      changedAtMs.delete(key);
      changedAtMs.set(key, nowMs());
    },
    changedSince(node, sinceMs) {
      // mostly nothing was changed, and then nothing needs to be spelled out
      if (changedAtMs.size === 0) return false;
      const atMs = changedAtMs.get(toHex(node));
      return atMs !== undefined && atMs >= sinceMs;
    },
  };
}
