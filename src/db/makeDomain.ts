/** A domain is made, with its first resolver and API key, and takes what is its from others. */
import { SignpostError } from "../errors.js";
import type { NewApiKey } from "../registry/domains/apiKey.js";
import type { ServedResolver } from "../registry/domains/domain.js";
import type { HandedOver } from "../registry/domains/handOver.js";
import type { HandOverName } from "../registry/history/lockedName.js";
import { domainOfAlias, isAlias } from "./aliasRow.js";
import { KEY_PARAMETERS, valuesOfKey } from "./apiKeyStore.js";
import { fromDatabase } from "./databaseError.js";
import { handOverNames } from "./handOverNames.js";
import type { Connection } from "./transaction.js";

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

/** While it, and the one above, are owned. Throws NAME_TAKEN where it is there, and as `handOverTo`. */
export async function makeDomain(
  connection: Connection,
  { chainId, resolver, domain }: ServedResolver,
  key: NewApiKey,
  place: { readonly above: string | null; readonly handOver?: HandOverName | undefined },
): Promise<HandedOver> {
  const aliased = await domainOfAlias(connection, domain);
  if (aliased !== null) throw isAlias(domain, aliased);
  const values = [domain, ...valuesOfKey(key), chainId.toString(), resolver];
  const { rowCount } = await fromDatabase(connection.query(ADD_DOMAIN, values));
  if (rowCount === 0) throw existsAlready(domain);
  return handOverTo(connection, domain, place.above, place.handOver);
}

/** What is its own. Throws INVALID_REQUEST without `handOver` where that are names. */
export async function handOverTo(
  connection: Connection,
  domain: string,
  other: string | null,
  handOver: HandOverName | undefined,
): Promise<HandedOver> {
  const { rowCount } = await fromDatabase(connection.query(END_RESERVATIONS, [domain]));
  const names = await handOverNames(connection, domain, handOver);
  return { other, ...names, reservations: rowCount ?? 0 };
}

function existsAlready(domain: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `The domain ${domain} exists already. \`signpost domain connect\` lets one more resolver answer for it, \`signpost key add\` makes one more API key.`,
    { name: domain },
  );
}
