/** Until a client has taken what it was given, or is gone. */
import { once } from "node:events";
import type { Writable } from "node:stream";

export async function drained(response: Writable): Promise<void> {
  // what is gone already tells so no more
  if (response.destroyed || !response.writableNeedDrain) return;
  const gone = new AbortController();
  const { signal } = gone;
  await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  gone.abort();
}
