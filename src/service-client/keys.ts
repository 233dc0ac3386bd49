/** The API keys of a domain, sessions among them, for who administers it. */
import { isSignpostError } from "../errors.js";
import { type KeyAnswer, keysPageSchema } from "../wire/keys.js";
import type { CallOptions } from "./clientOptions.js";
import type { Connection } from "./connection.js";
import { type Listing, listing } from "./pages.js";

export interface KeyListOptions extends CallOptions {
  /** Those that were made before the key with this id. */
  readonly after?: string;
  /** How many one request brings; at most 100, and 100 unless given. */
  readonly pageSize?: number;
}

export interface Keys {
  /** The newest first, also those that work no more; pages are read as the loop goes on. */
  list(options?: KeyListOptions): Listing<KeyAnswer, string>;
  /** Ends a key or a session for good. Its id; null where the domain has none that still works. */
  revoke(
    id: string,
    options?: CallOptions,
  ): Promise<{ readonly id: string; readonly outcome: "revoked" } | null>;
  /**
   * Signs out: ends the session of this client's own key, also where a page is closed meanwhile. Throws FORBIDDEN for a
   * key that is of no session.
   */
  endSession(options?: CallOptions): Promise<void>;
}

export function keysOf(connection: Connection): Keys {
  return {
    list: ({ after: first, pageSize, ...options } = {}) =>
      listing(first, async (after) => {
        const query = { after, limit: pageSize };
        const answer = await connection.send({ method: "GET", path: ["keys"], query, options });
        const { keys, next } = answer.as(keysPageSchema);
        return { items: keys, next };
      }),
    revoke: async (id, options) => {
      try {
        await connection.send({
          ...{ method: "DELETE", path: ["keys", id], options },
          outlivesPage: true,
        });
        return { id, outcome: "revoked" };
      } catch (error) {
        // a wrong URL is "not found" as well, but not about this key
        if (isSignpostError(error, "NOT_FOUND") && error.details["id"] === id) return null;
        throw error;
      }
    },
    endSession: async (options) => {
      await connection.send({
        ...{ method: "DELETE", path: ["sessions", "current"], options },
        outlivesPage: true,
      });
    },
  };
}
