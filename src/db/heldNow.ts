/** In whose right names can be changed now: the domains that hold them, and their reservations, read under the locks. */
import type { NormalName } from "../ens/normalize.js";
import type { Domain } from "../registry/domains/domain.js";
import type { Reservation } from "../registry/domains/reservation.js";
import type { Item } from "./changedItems.js";
import { domainsHolding } from "./domainRow.js";
import { reservationsAmong } from "./reservationRow.js";
import type { Connection } from "./transaction.js";

export interface HeldNow {
  readonly domain: Domain | null;
  readonly reservation: Reservation | null;
}

export const HELD_BY_NOBODY: HeldNow = { domain: null, reservation: null };

/** By the name; of the items that say where they are written. */
export async function heldNow(
  connection: Connection,
  items: readonly Item[],
): Promise<ReadonlyMap<NormalName, HeldNow>> {
  const names = items.flatMap(({ target: { place } }) => (place ? [place.name] : []));
  if (names.length === 0) return new Map();
  const domains = await domainsHolding(connection, names);
  const reservations = await reservationsAmong(connection, names);
  return new Map(
    names.map((name) => [
      name,
      { domain: domains.get(name) ?? null, reservation: reservations.get(name) ?? null },
    ]),
  );
}
