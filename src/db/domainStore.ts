/** The registry's questions about domains, their resolvers, API keys and reservations. */
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import type { DomainStore } from "../registry/store.js";
import { aliasStore } from "./aliasStore.js";
import { apiKeyStore } from "./apiKeyStore.js";
import { assertChangedHere } from "./changedHere.js";
import { fromDatabase, isMissingReference } from "./databaseError.js";
import { domainChanges } from "./domainChanges.js";
import { shareDomains } from "./domainLocks.js";
import { DOMAIN_COLUMNS, domainOfRow, type DomainRow, domainsHolding } from "./domainRow.js";
import { openSession } from "./openSession.js";
import type { Pool } from "./pool.js";
import { reservationStore } from "./reservationStore.js";
import { resolverOfRow, type ResolverRow } from "./resolverRow.js";
import { inTransaction } from "./transaction.js";

/** What is not given (null) stays; $2 tells whether the owner is given. */
const CHANGE_DOMAIN = `
  update domain set
    owner = case when $2 then $3 else owner end,
    claims = coalesce($4, claims),
    address_names = coalesce($5, address_names),
    aliases = coalesce($6, aliases),
    reserved_labels = coalesce($7, reserved_labels),
    owner_signs_in = coalesce($8, owner_signs_in)
  where name = $1 returning ${DOMAIN_COLUMNS}`;

export function domainStore(pool: Pool): DomainStore {
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<DomainRow>(text, [...values]));

  return {
    ...apiKeyStore(pool),
    ...reservationStore(pool),
    ...domainChanges(pool),
    ...aliasStore(pool),
    openSession: (session, assertStillInTime) => openSession(pool, session, assertStillInTime),

    connectResolver: async ({ chainId, resolver, domain }) => {
      try {
        await ask(
          "insert into resolver (chain_id, address, domain) values ($1, $2, $3) on conflict do nothing",
          [chainId.toString(), resolver, domain],
        );
      } catch (error) {
        throw isMissingReference(error) ? noSuchDomain(domain) : error;
      }
    },

    disconnectResolver: async ({ chainId, resolver, domain }) => {
      const text = "delete from resolver where chain_id = $1 and address = $2 and domain = $3";
      return (await ask(text, [chainId.toString(), resolver, domain])).rowCount === 1;
    },

    resolversOf: async (domain) => {
      const text = "select chain_id, address, domain from resolver where domain = $1 order by 1, 2";
      const { rows } = await fromDatabase(pool.query<ResolverRow>(text, [domain]));
      return rows.map(resolverOfRow);
    },

    changeDomain: (domain, { owner, policy, ownerSignsIn }) =>
      inTransaction(pool, async (connection) => {
        const { claims, addressNames, aliases, reservedLabels } = policy ?? {};
        const values = [owner !== undefined, owner, claims, addressNames, aliases, reservedLabels];
        // sessions end with its owner; it is not removed meanwhile, which takes its keys first
        await shareDomains(connection, [domain]);
        const text = CHANGE_DOMAIN;
        const changed = connection.query<DomainRow>(text, [domain, ...values, ownerSignsIn]);
        const [row] = (await fromDatabase(changed)).rows;
        if (row === undefined) throw noSuchDomain(domain);
        const isSwitchAlone = ownerSignsIn !== undefined && owner === undefined && !policy;
        // its row is ours: nobody freezes it now, and what was written is taken back
        if (!isSwitchAlone) await assertChangedHere(connection, domain, domain);
        return domainOfRow(row);
      }),

    domains: async () =>
      (await ask(`select ${DOMAIN_COLUMNS} from domain order by name`, [])).rows.map(domainOfRow),

    domainHolding: async (name) => (await domainsHolding(pool, [name])).get(name) ?? null,
  };
}
