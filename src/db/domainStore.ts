/** The registry's questions about domains, their resolvers, API keys and reservations. */
import { parentName } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import type { Domain } from "../registry/domains/domain.js";
import type { DomainPolicy } from "../registry/domains/domainPolicy.js";
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import type { DomainStore } from "../registry/store.js";
import { apiKeyStore, KEY_PARAMETERS, valuesOfKey } from "./apiKeyStore.js";
import { addressOf } from "./bytea.js";
import { fromDatabase, isMissingReference } from "./databaseError.js";
import type { Pool } from "./pool.js";
import { reservationStore } from "./reservationStore.js";
import { resolverOfRow, type ResolverRow } from "./resolverRow.js";

const COLUMNS = "name, owner, claims, address_names, aliases, reserved_labels";

interface DomainRow {
  readonly name: string;
  readonly owner: Buffer | null;
  readonly claims: DomainPolicy["claims"];
  readonly address_names: boolean;
  readonly aliases: boolean;
  readonly reserved_labels: readonly string[];
}

const DOMAIN_HOLDING = {
  name: "domain-holding",
  text: `select ${COLUMNS} from domain where name = any($1::text[]) order by length(name) desc limit 1`,
};

/** One statement, so that a domain never stands there without the resolver and the key that it was added with. */
const ADD_DOMAIN = `
  with added as (
    insert into domain (name) values ($1) on conflict (name) do nothing returning name
  ), resolvers as (
    insert into resolver (chain_id, address, domain) select $7, $8, name from added
  )
  insert into api_key (domain, hash, label, scopes, changes_per_minute, changes_per_day)
  select name, ${KEY_PARAMETERS} from added`;

/** One statement as well; the foreign keys are looked at behind it. */
const REMOVE_DOMAIN = `
  with empty as (
    select name from domain where name = $1 and not exists (select from name where domain = $1)
  ), keys as (
    delete from api_key where domain in (select name from empty)
  ), reservations as (
    delete from reservation where domain in (select name from empty)
  ), resolvers as (
    delete from resolver where domain in (select name from empty)
  )
  delete from domain where name in (select name from empty)`;

/** What is not given (null) stays; $2 tells whether the owner is given. */
const CHANGE_DOMAIN = `
  update domain set
    owner = case when $2 then $3 else owner end,
    claims = coalesce($4, claims),
    address_names = coalesce($5, address_names),
    aliases = coalesce($6, aliases),
    reserved_labels = coalesce($7, reserved_labels)
  where name = $1 returning ${COLUMNS}`;

export function domainStore(pool: Pool): DomainStore {
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<DomainRow>(text, [...values]));

  return {
    ...apiKeyStore(pool),
    ...reservationStore(pool),

    addDomain: async ({ chainId, resolver, domain }, key) => {
      const values = [domain, ...valuesOfKey(key), chainId.toString(), resolver];
      const { rowCount } = await ask(ADD_DOMAIN, values);
      if (rowCount === 0) {
        throw new SignpostError(
          "NAME_TAKEN",
          `The domain ${domain} exists already. \`signpost domain connect\` lets one more resolver answer for it, \`signpost key add\` makes one more API key.`,
          { name: domain },
        );
      }
    },

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

    removeDomain: async (domain) => {
      if ((await ask(REMOVE_DOMAIN, [domain])).rowCount === 1) return;
      const { rowCount } = await ask(`select ${COLUMNS} from domain where name = $1`, [domain]);
      if (rowCount === 0) throw noSuchDomain(domain);
      throw new SignpostError(
        "INVALID_REQUEST",
        `The domain ${domain} has names, which would be lost; its service deletes them first (DELETE /v1/names/:name), or \`signpost domain disconnect\` keeps a resolver from answering for it.`,
        { domain },
      );
    },

    resolversOf: async (domain) => {
      const text = "select chain_id, address, domain from resolver where domain = $1 order by 1, 2";
      const { rows } = await fromDatabase(pool.query<ResolverRow>(text, [domain]));
      return rows.map(resolverOfRow);
    },

    changeDomain: async (domain, { owner, policy = {} }) => {
      const { claims, addressNames, aliases, reservedLabels } = policy;
      const values = [owner !== undefined, owner, claims, addressNames, aliases, reservedLabels];
      const { rows } = await ask(CHANGE_DOMAIN, [domain, ...values]);
      if (rows[0] === undefined) throw noSuchDomain(domain);
      return domainOfRow(rows[0]);
    },

    domains: async () =>
      (await ask(`select ${COLUMNS} from domain order by name`, [])).rows.map(domainOfRow),

    domainHolding: async (name) => {
      const question = { ...DOMAIN_HOLDING, values: [withAncestors(name)] };
      const { rows } = await fromDatabase(pool.query<DomainRow>(question));
      return rows[0] === undefined ? null : domainOfRow(rows[0]);
    },
  };
}

function domainOfRow(row: DomainRow): Domain {
  return {
    name: row.name,
    owner: row.owner && addressOf(row.owner),
    policy: {
      claims: row.claims,
      addressNames: row.address_names,
      aliases: row.aliases,
      reservedLabels: row.reserved_labels,
    },
  };
}

/** The name, and every name that it lies under. */
function withAncestors(name: string): string[] {
  const parent = parentName(name);
  return parent === null ? [name] : [name, ...withAncestors(parent)];
}
