/** Names that are kept from wallets, or for one wallet. */
import { resolvableName } from "../ens/resolvableName.js";
import {
  type Reservation,
  type ReservationInput,
  reservationSchema,
  reservationsPageSchema,
} from "../wire/domain.js";
import type { CallOptions } from "./clientOptions.js";
import type { Connection } from "./connection.js";
import { type Listing, listing } from "./pages.js";

/** A thousand of them, each with the longest name. */
const LARGEST_PAGE_BYTES = 4 * 1024 * 1024;

export interface ReservationListOptions extends CallOptions {
  /** Behind this name. */
  readonly after?: string;
  /** How many reservations one request brings; at most 1000, and 1000 unless given. */
  readonly pageSize?: number;
}

export interface Reservations {
  /** In the order of their names; pages are read as the loop goes on. */
  list(options?: ReservationListOptions): Listing<Reservation, string>;
  /** For `wallet`, or for nobody; until `untilMs` (Unix time in milliseconds), or for good. */
  put(name: string, kept?: ReservationInput, options?: CallOptions): Promise<Reservation>;
  /** The reservation's name; null when it was not reserved. */
  delete(
    name: string,
    options?: CallOptions,
  ): Promise<{ readonly name: string; readonly outcome: "deleted" } | null>;
}

export function reservationsOf(connection: Connection): Reservations {
  return {
    list: ({ after: first, pageSize, ...options } = {}) =>
      listing(first, async (after) => {
        const answer = await connection.send({
          ...{ method: "GET", path: ["reservations"], query: { after, limit: pageSize }, options },
          maxBytes: LARGEST_PAGE_BYTES,
        });
        const { reservations, next } = answer.as(reservationsPageSchema);
        return { items: reservations, next };
      }),
    put: async (name, kept = {}, options) => {
      const path = ["reservations", resolvableName(name).name];
      const answer = await connection.send({ method: "PUT", path, body: kept, options });
      return answer.as(reservationSchema);
    },
    delete: async (given, options) => {
      const { name } = resolvableName(given);
      const path = ["reservations", name];
      const answer = await connection.sendAbout(name, { method: "DELETE", path, options });
      return answer && { name, outcome: "deleted" };
    },
  };
}
