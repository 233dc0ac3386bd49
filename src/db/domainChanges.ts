/** Domains that come and go, with all that they take from another one, or give back: each in one transaction. */
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import type { DomainStore } from "../registry/store.js";
import { inBoundedTransaction } from "./boundedTransaction.js";
import { assertChangedHere, assertNoMirror } from "./changedHere.js";
import { fromDatabase } from "./databaseError.js";
import { fenceDomain, isFencedBy } from "./fenceDomain.js";
import { handOverNames } from "./handOverNames.js";
import { handOverTo, makeDomain } from "./makeDomain.js";
import { own } from "./ownedDomain.js";
import { patiently } from "./patience.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";
import { withdrawNames } from "./withdrawNames.js";

const REMOVE_DOMAIN = [
  "delete from api_key where domain = $1",
  "delete from resolver where domain = $1",
  "delete from domain_alias where domain = $1",
  "delete from domain where name = $1",
];

const FREEZE = `update domain set frozen = $2, frozen_to = $3, fenced_by = null where name = $1`;

type DomainChanges = Pick<
  DomainStore,
  "addDomain" | "takeOver" | "removeDomain" | "freeze" | "fence" | "isFencedBy"
>;

export function domainChanges(pool: Pool): DomainChanges {
  return {
    addDomain: (served, key, handOver) =>
      inTransaction(pool, async (connection) => {
        const { above } = await own(connection, served.domain);
        if (above !== null) await assertChangedHere(connection, above, served.domain);
        return makeDomain(connection, served, key, { above, handOver });
      }),

    takeOver: (domain, handOver) =>
      inTransaction(pool, async (connection) => {
        const { above, isThere } = await own(connection, domain);
        if (!isThere) throw noSuchDomain(domain);
        for (const one of [domain, above])
          if (one !== null) await assertChangedHere(connection, one, domain);
        return handOverTo(connection, domain, above, handOver);
      }),

    freeze: (domain, frozen) =>
      inTransaction(pool, async (connection) => {
        // whoever changes its names now comes to an end first
        const { isThere } = await own(connection, domain);
        if (!isThere) throw noSuchDomain(domain);
        await assertNoMirror(connection, domain);
        await count(connection, FREEZE, [domain, frozen !== null, frozen?.to ?? null]);
      }),

    fence: (domain, fence) =>
      inBoundedTransaction(pool, async (connection) => {
        await own(connection, domain);
        await fenceDomain(connection, domain, fence);
      }),

    isFencedBy: (domain, by) => isFencedBy(pool, domain, by),

    removeDomain: (domain, handOver, withdraw) =>
      inTransaction(pool, async (connection) => {
        const { above, isThere } = await own(connection, domain);
        if (!isThere) throw noSuchDomain(domain);
        await assertNoMirror(connection, domain);
        // with its names, a domain that has moved away is taken out
        const changed = withdraw === undefined ? [domain, above] : [];
        for (const one of changed)
          if (one !== null) await assertChangedHere(connection, one, domain);
        const withdrawn = withdraw && (await withdrawNames(connection, domain, withdraw));
        const handedOver = await handOverNames(connection, domain, handOver, domain);
        const text = "delete from reservation where domain = $1";
        const reservations = await count(connection, text, [domain]);
        // what followers were told of its names goes as well
        for (const text of REMOVE_DOMAIN) await patiently(connection, text, [domain]);
        return { other: above, ...(withdrawn ?? handedOver), reservations };
      }),
  };
}

async function count(
  connection: Connection,
  text: string,
  values: readonly unknown[],
): Promise<number> {
  return (await fromDatabase(connection.query(text, [...values]))).rowCount ?? 0;
}
