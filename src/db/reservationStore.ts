/** The registry's questions about reservations. */
import type { NormalName } from "../ens/normalize.js";
import type { Reservation } from "../registry/domains/reservation.js";
import type { DomainStore } from "../registry/store.js";
import { addressOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

const RESERVE = `
  insert into reservation (name, domain, wallet, until) values ($1, $2, $3, $4)
  on conflict (name) do update
    set domain = excluded.domain, wallet = excluded.wallet, until = excluded.until, created_at = now()`;

const AMONG = {
  name: "reservations-among",
  text: "select name, domain, wallet, until from reservation where name = any($1::text[])",
};

const OF_DOMAIN = `
  select name, domain, wallet, until from reservation
  where domain = $1 and name collate "C" > $2 order by name collate "C" limit $3`;

interface ReservationRow {
  /** Nothing else is written. */
  readonly name: NormalName;
  readonly domain: string;
  readonly wallet: Buffer | null;
  readonly until: Date | null;
}

type ReservationStore = Pick<
  DomainStore,
  "reserve" | "removeReservation" | "reservationsAmong" | "reservationsOf"
>;

export function reservationStore(pool: Pool): ReservationStore {
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<ReservationRow>(text, [...values]));

  return {
    reserve: async ({ name, domain, wallet, untilMs }) => {
      const until = untilMs === null ? null : new Date(untilMs);
      await ask(RESERVE, [name, domain, wallet, until]);
    },
    removeReservation: async (domain, name) => {
      const text = "delete from reservation where domain = $1 and name = $2";
      return (await ask(text, [domain, name])).rowCount === 1;
    },
    reservationsAmong: async (names) => {
      const question = { ...AMONG, values: [names] };
      const { rows } = await fromDatabase(pool.query<ReservationRow>(question));
      return new Map(rows.map((row) => [row.name, reservationOfRow(row)]));
    },
    reservationsOf: async (domain, after, limit) => {
      const { rows } = await ask(OF_DOMAIN, [domain, after, limit + 1]);
      const items = rows.slice(0, limit).map(reservationOfRow);
      return { items, next: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
    },
  };
}

function reservationOfRow(row: ReservationRow): Reservation {
  return {
    name: row.name,
    domain: row.domain,
    wallet: row.wallet && addressOf(row.wallet),
    untilMs: row.until?.getTime() ?? null,
  };
}
