/** Waits, unless it is ended before. */
import { setTimeout as delay } from "node:timers/promises";

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}
