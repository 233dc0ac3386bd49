/** A row of the table reservation. */
import type { NormalName } from "../ens/normalize.js";
import type { Reservation } from "../registry/domains/reservation.js";
import { addressOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import type { Connection } from "./transaction.js";

export const RESERVATION_COLUMNS = "name, domain, wallet, until";

export interface ReservationRow {
  /** Nothing else is written. */
  readonly name: NormalName;
  readonly domain: string;
  readonly wallet: Buffer | null;
  readonly until: Date | null;
}

const AMONG = {
  name: "reservations-among",
  text: `select ${RESERVATION_COLUMNS} from reservation where name = any($1::text[])`,
};

/** By name; whether one still counts, tells `isInForce`. */
export async function reservationsAmong(
  connection: Connection,
  names: readonly NormalName[],
): Promise<ReadonlyMap<NormalName, Reservation>> {
  const question = { ...AMONG, values: [names] };
  const { rows } = await fromDatabase(connection.query<ReservationRow>(question));
  return new Map(rows.map((row) => [row.name, reservationOfRow(row)]));
}

export function reservationOfRow(row: ReservationRow): Reservation {
  return {
    name: row.name,
    domain: row.domain,
    wallet: row.wallet && addressOf(row.wallet),
    untilMs: row.until?.getTime() ?? null,
  };
}
