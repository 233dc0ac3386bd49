/** The registry's questions about reservations. */
import { namehash } from "../ens/namehash.js";
import { assertNotFrozen } from "../registry/domains/frozenDomain.js";
import { notOfDomain } from "../registry/domains/notOfDomain.js";
import { sharedDm3Form } from "../registry/names/dm3Form.js";
import { assertReservable } from "../registry/names/twinRules.js";
import { NO_TWINS } from "../registry/names/twins.js";
import type { DomainStore } from "../registry/store.js";
import { inBoundedTransaction } from "./boundedTransaction.js";
import { fromDatabase } from "./databaseError.js";
import { shareDomains } from "./domainLocks.js";
import { domainsHolding, IS_HELD_BELOW } from "./domainRow.js";
import { dropUnused, lockNodes } from "./lockedNames.js";
import { pageOfRows } from "./pageOfRows.js";
import type { Pool } from "./pool.js";
import { RESERVATION_COLUMNS, reservationOfRow, type ReservationRow } from "./reservationRow.js";
import { twinsOf } from "./twins.js";

const RESERVE = `
  insert into reservation (name, domain, wallet, until) values ($1, $2, $3, $4)
  on conflict (name) do update
    set domain = excluded.domain, wallet = excluded.wallet, until = excluded.until, created_at = now()`;

/** Without those that an earlier build left where a domain was added below: they count no more. */
const OF_DOMAIN = `
  select ${RESERVATION_COLUMNS} from reservation n
  where domain = $1 and name collate "C" > $2 and not ${IS_HELD_BELOW}
  order by name collate "C" limit $3`;

type ReservationStore = Pick<DomainStore, "reserve" | "removeReservation" | "reservationsOf">;

export function reservationStore(pool: Pool): ReservationStore {
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<ReservationRow>(text, [...values]));

  return {
    reserve: async (reservation) => {
      const { name, domain, wallet, untilMs } = reservation;
      const sharedForm = sharedDm3Form(name);
      const asked = { place: { name, domain }, ...(sharedForm !== null && { sharedForm }) };
      const until = untilMs === null ? null : new Date(untilMs);
      await inBoundedTransaction(pool, async (connection) => {
        await shareDomains(connection, [domain]);
        const holding = (await domainsHolding(connection, [name])).get(name);
        if (holding?.name !== domain) throw notOfDomain(name, domain);
        assertNotFrozen(holding);
        if (sharedForm !== null) {
          const nodes = [namehash(sharedForm), namehash(name)];
          await lockNodes(connection, nodes);
          const twins = await twinsOf(connection, [asked]);
          assertReservable(reservation, twins.get(name) ?? NO_TWINS);
          await dropUnused(connection, nodes);
        }
        await fromDatabase(connection.query(RESERVE, [name, domain, wallet, until]));
      });
    },
    removeReservation: (domain, name) =>
      inBoundedTransaction(pool, async (connection) => {
        await shareDomains(connection, [domain]);
        const of = (await domainsHolding(connection, [domain])).get(domain);
        if (of) assertNotFrozen(of);
        const text = "delete from reservation where domain = $1 and name = $2";
        return (await fromDatabase(connection.query(text, [domain, name]))).rowCount === 1;
      }),
    reservationsOf: async (domain, after, limit) => {
      const { rows } = await ask(OF_DOMAIN, [domain, after, limit + 1]);
      return pageOfRows(rows, limit, reservationOfRow, ({ name }) => name);
    },
  };
}
