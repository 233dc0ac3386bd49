/** What an installation is to a domain. */
import type { Mirror } from "./mirror.js";

export interface DomainStandings {
  /** Which database it is, as a text that says nothing else; and its clock. */
  database(): Promise<{ readonly id: string; readonly nowMs: number }>;
  /** Null where the domain is no mirror. */
  mirrorOf(domain: string): Promise<Mirror | null>;
}

/** So old is what the mirror has of its primary, in whole seconds; null before it was copied as a whole. */
export function behindSec(
  { caughtUpAtMs, copiedAtMs }: Pick<Mirror, "caughtUpAtMs" | "copiedAtMs">,
  nowMs: number,
): number | null {
  if (caughtUpAtMs === null || copiedAtMs === null) return null;
  return Math.max(0, Math.ceil((nowMs - caughtUpAtMs) / 1000));
}
