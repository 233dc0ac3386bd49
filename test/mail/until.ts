import { setTimeout as delay } from "node:timers/promises";

/** Waits until it is something else than undefined or false; the test's own time limit ends it. */
export async function until<Value>(
  find: () => Promise<Value | undefined | false> | Value | undefined | false,
): Promise<Value> {
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    await delay(50);
  }
}
