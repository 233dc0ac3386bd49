/** The API key of a client, where it is a session's. */
import type { CallOptions } from "./clientOptions.js";
import type { Connection } from "./connection.js";

export interface Keys {
  /** Signs out: ends the session of this client's own key. Throws FORBIDDEN for a key that is of no session. */
  endSession(options?: CallOptions): Promise<void>;
}

export function keysOf(connection: Connection): Keys {
  return {
    endSession: async (options) => {
      await connection.send({ method: "DELETE", path: ["sessions", "current"], options });
    },
  };
}
