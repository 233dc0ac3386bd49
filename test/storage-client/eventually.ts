import { setTimeout as delay } from "node:timers/promises";

const LONGEST_MS = 10_000;

/** Until it throws no more; then what it threw last. */
export async function eventually(check: () => unknown): Promise<void> {
  const untilMs = Date.now() + LONGEST_MS;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > untilMs) throw error;
      await delay(20);
    }
  }
}
