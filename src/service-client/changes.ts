/** What changed in the domain, for those who keep something in step with it. */
import { type ChangeItem, type ChangesPage, changesPageSchema } from "../wire/changes.js";
import { type CallOptions, timeoutOf } from "./clientOptions.js";
import type { Connection } from "./connection.js";

/** A page ends with the name that takes it over a megabyte. */
const LARGEST_PAGE_BYTES = 8 * 1024 * 1024;
/** What the service waits at most. */
const LONGEST_WAIT_SEC = 8;
/** After a page with nothing in it, whatever the service waited. */
const PAUSE_MS = 500;

export interface ChangesOptions extends CallOptions {
  /** Behind the change with this cursor; without it, the loop begins with every name that the domain has. */
  readonly after?: string;
  /** How many changes one request brings; at most 100, and 100 unless given. */
  readonly pageSize?: number;
}

/**
 * Each change tells of one name: as it is now, or `name: null` where it is gone. Keep its `cursor` when you have dealt with it.
 * CURSOR_OUTDATED is thrown where the service was restored from a backup: then begin without a cursor, and drop the names that do
 * not come.
 */
export interface Changes {
  /** What has changed until now. */
  list(options?: ChangesOptions): AsyncGenerator<ChangeItem, void, undefined>;
  /** The same, and then whatever changes, about half a second later; ends by an error, or with `break` or `signal`. */
  follow(options?: ChangesOptions): AsyncGenerator<ChangeItem, never, undefined>;
}

export function changesOf(connection: Connection): Changes {
  const read = async (
    after: string | undefined,
    { pageSize, ...options }: Omit<ChangesOptions, "after">,
    waitSec?: number,
  ): Promise<ChangesPage> => {
    const answer = await connection.send({
      ...{ method: "GET", path: ["changes"], options },
      query: { after, limit: pageSize, waitSec },
      maxBytes: LARGEST_PAGE_BYTES,
    });
    return answer.as(changesPageSchema);
  };
  return {
    async *list({ after, ...options } = {}) {
      for (;;) {
        const { changes, next, isEnd } = await read(after, options);
        yield* changes;
        if (isEnd) return;
        after = next;
      }
    },
    async *follow({ after, ...options } = {}) {
      // an answer has to come within the time that the caller gives
      const patienceSec = Math.floor(timeoutOf(options.timeoutMs) / 2_000);
      for (;;) {
        const page = await read(after, options, Math.min(LONGEST_WAIT_SEC, patienceSec));
        yield* page.changes;
        after = page.next;
        if (page.changes.length === 0)
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
  };
}
