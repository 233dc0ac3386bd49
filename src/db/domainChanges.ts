/** Domains that come and go, with all that they take from another one, or give back: each in one transaction. */
import { SignpostError } from "../errors.js";
import type { HandedOver } from "../registry/domains/handOver.js";
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import type { DomainStore } from "../registry/store.js";
import { domainOfAlias, isAlias } from "./aliasRow.js";
import { KEY_PARAMETERS, valuesOfKey } from "./apiKeyStore.js";
import { inBoundedTransaction } from "./boundedTransaction.js";
import { assertChangedHere, assertNoMirror } from "./changedHere.js";
import { fromDatabase } from "./databaseError.js";
import { fenceDomain } from "./fenceDomain.js";
import { handOverNames } from "./handOverNames.js";
import { own } from "./ownedDomain.js";
import { patiently } from "./patience.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";
import { withdrawNames } from "./withdrawNames.js";

/** One statement, so that a domain never stands there without the resolver and the key that it was added with. */
const ADD_DOMAIN = `
  with added as (
    insert into domain (name) values ($1) on conflict (name) do nothing returning name
  ), resolvers as (
    insert into resolver (chain_id, address, domain) select $7, $8, name from added
  )
  insert into api_key (domain, hash, label, scopes, changes_per_minute, changes_per_day)
  select name, ${KEY_PARAMETERS} from added`;

/** What another service reserved counts no more where this domain, or one below it, holds the name. */
const END_RESERVATIONS = `
  delete from reservation
  where (name = $1 or right(name, length($1) + 1) = '.' || $1)
    and domain <> $1 and right(domain, length($1) + 1) <> '.' || $1`;

const REMOVE_DOMAIN = [
  "delete from api_key where domain = $1",
  "delete from resolver where domain = $1",
  "delete from domain_alias where domain = $1",
  "delete from domain where name = $1",
];

const FREEZE = `update domain set frozen = $2, frozen_to = $3, fenced_by = null where name = $1`;

type DomainChanges = Pick<
  DomainStore,
  "addDomain" | "takeOver" | "removeDomain" | "freeze" | "fence"
>;

export function domainChanges(pool: Pool): DomainChanges {
  return {
    addDomain: ({ chainId, resolver, domain }, key, handOver) =>
      inTransaction(pool, async (connection) => {
        const { above } = await own(connection, domain);
        if (above !== null) await assertChangedHere(connection, above);
        const aliased = await domainOfAlias(connection, domain);
        if (aliased !== null) throw isAlias(domain, aliased);
        const values = [domain, ...valuesOfKey(key), chainId.toString(), resolver];
        if ((await count(connection, ADD_DOMAIN, values)) === 0) throw existsAlready(domain);
        return handOverTo(connection, domain, above, handOver);
      }),

    takeOver: (domain, handOver) =>
      inTransaction(pool, async (connection) => {
        const { above, isThere } = await own(connection, domain);
        if (!isThere) throw noSuchDomain(domain);
        for (const one of [domain, above])
          if (one !== null) await assertChangedHere(connection, one);
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

    removeDomain: (domain, handOver, withdraw) =>
      inTransaction(pool, async (connection) => {
        const { above, isThere } = await own(connection, domain);
        if (!isThere) throw noSuchDomain(domain);
        await assertNoMirror(connection, domain);
        // with its names, a domain that has moved away is taken out
        const changed = withdraw === undefined ? [domain, above] : [];
        for (const one of changed) if (one !== null) await assertChangedHere(connection, one);
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

async function handOverTo(
  connection: Connection,
  domain: string,
  other: string | null,
  handOver: Parameters<DomainStore["addDomain"]>[2],
): Promise<HandedOver> {
  const reservations = await count(connection, END_RESERVATIONS, [domain]);
  return { other, ...(await handOverNames(connection, domain, handOver)), reservations };
}

async function count(
  connection: Connection,
  text: string,
  values: readonly unknown[],
): Promise<number> {
  return (await fromDatabase(connection.query(text, [...values]))).rowCount ?? 0;
}

function existsAlready(domain: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `The domain ${domain} exists already. \`signpost domain connect\` lets one more resolver answer for it, \`signpost key add\` makes one more API key.`,
    { name: domain },
  );
}
