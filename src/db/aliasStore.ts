/** The registry's questions about alias domains. */
import { SignpostError } from "../errors.js";
import type { AliasDomain } from "../registry/domains/aliasDomain.js";
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import type { DomainStore } from "../registry/store.js";
import { domainOfAlias, isAlias } from "./aliasRow.js";
import { fromDatabase } from "./databaseError.js";
import { IS_HELD_BELOW } from "./domainRow.js";
import { own } from "./ownedDomain.js";
import { bePatient, patiently } from "./patience.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";

const ALIASES = `select alias, domain from domain_alias order by alias collate "C"`;

/** Names and reservations at or below $1 that a domain above it holds: lookups would not find them any more. */
const HELD_THERE = `
  select n.name from (select name from name union all select name from reservation) n
  where (n.name = $1 or right(n.name, length($1) + 1) = '.' || $1) and not ${IS_HELD_BELOW}
  limit 1`;

type AliasStore = Pick<DomainStore, "addAlias" | "removeAlias" | "aliases">;

export function aliasStore(pool: Pool): AliasStore {
  return {
    addAlias: ({ alias, domain }) =>
      inTransaction(pool, async (connection) => {
        // who writes names of the domain above looks afterwards whether it still holds them
        const { above, isThere } = await own(connection, alias);
        if (isThere) throw isDomain(alias);
        const already = await domainOfAlias(connection, alias);
        if (already !== null) throw isAlias(alias, already);
        await assertDomain(connection, domain);
        await bePatient(connection);
        const [held] = await patiently<{ name: string }>(connection, HELD_THERE, [alias]);
        if (held) throw hasNames(alias, held.name);
        const text = "insert into domain_alias (alias, domain) values ($1, $2)";
        await rowsOf(connection, text, [alias, domain]);
        return { above };
      }),

    removeAlias: async (alias) => {
      const text = "delete from domain_alias where alias = $1 returning domain";
      const [removed] = await rowsOf<{ domain: string }>(pool, text, [alias]);
      return removed?.domain ?? null;
    },

    aliases: () => rowsOf<AliasDomain>(pool, ALIASES),
  };
}

async function assertDomain(connection: Connection, domain: string): Promise<void> {
  const target = await domainOfAlias(connection, domain);
  if (target !== null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `${domain} is an alias of ${target} itself. Add the alias to ${target}.`,
      { domain },
    );
  }
  const text = "select name from domain where name = $1";
  if ((await rowsOf(connection, text, [domain])).length === 0) throw noSuchDomain(domain);
}

function isDomain(alias: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `${alias} is a domain here, with names of its own, so it cannot be an alias.`,
    { name: alias },
  );
}

function hasNames(alias: string, name: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The name ${name} is published or reserved here, and nobody could look it up if ${alias} were an alias. Delete what lies at and below ${alias} first.`,
    { name },
  );
}

async function rowsOf<Row extends object>(
  database: Pool | Connection,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return (await fromDatabase(database.query<Row>(text, [...values]))).rows;
}
