/** The registry's questions about domains, their API keys and their resolvers. */
import { parentName } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import type { Domain, DomainStore } from "../registry/store.js";
import { fromDatabase, isMissingReference } from "./databaseError.js";
import type { Pool } from "./pool.js";

const DOMAIN_OF_API_KEY = {
  name: "domain-of-api-key",
  text: "select name from domain where api_key_hash = $1",
};

const DOMAIN_HOLDING = {
  name: "domain-holding",
  text: "select name from domain where name = any($1::text[]) order by length(name) desc limit 1",
};

/** One statement, so that a domain never stands there without the resolver that it was added with. */
const ADD_DOMAIN = `
  with added as (
    insert into domain (name, api_key_hash) values ($1, $2) on conflict (name) do nothing returning name
  )
  insert into resolver (chain_id, address, domain) select $3, $4, name from added`;

export function domainStore(pool: Pool): DomainStore {
  const ask = (text: string, values: readonly unknown[]) =>
    fromDatabase(pool.query<Domain>(text, [...values]));

  return {
    addDomain: async ({ chainId, resolver, domain }, apiKeyHash) => {
      const { rowCount } = await ask(ADD_DOMAIN, [
        domain,
        apiKeyHash,
        chainId.toString(),
        resolver,
      ]);
      if (rowCount === 0) {
        throw new SignpostError(
          "NAME_TAKEN",
          `The domain ${domain} exists already. \`signpost domain connect\` lets one more resolver answer for it, \`signpost domain replace-key\` makes a new API key.`,
          { domain },
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

    setApiKeyHash: async (domain, apiKeyHash) => {
      const text = "update domain set api_key_hash = $2 where name = $1";
      const { rowCount } = await ask(text, [domain, apiKeyHash]);
      if (rowCount === 0) throw noSuchDomain(domain);
    },

    domainOfApiKey: async (apiKeyHash) => {
      const question = { ...DOMAIN_OF_API_KEY, values: [apiKeyHash] };
      const { rows } = await fromDatabase(pool.query<Domain>(question));
      return rows[0] ?? null;
    },

    domains: async () => (await ask("select name from domain order by name", [])).rows,

    domainHolding: async (name) => {
      const question = { ...DOMAIN_HOLDING, values: [withAncestors(name)] };
      const { rows } = await fromDatabase(pool.query<Domain>(question));
      return rows[0] ?? null;
    },
  };
}

/** The name, and every name that it lies under. */
function withAncestors(name: string): string[] {
  const parent = parentName(name);
  return parent === null ? [name] : [name, ...withAncestors(parent)];
}

function noSuchDomain(domain: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `The domain ${domain} does not exist here. Add it first, or check its spelling.`,
    { domain },
  );
}
