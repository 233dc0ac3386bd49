/** A domain becomes a mirror: made if it is not there, and frozen, in one transaction. */
import { SignpostError } from "../../errors.js";
import type { NewDomain, NewMirror } from "../../mirror/mirrorStore.js";
import { noSuchDomain } from "../../registry/domains/noSuchDomain.js";
import { fromDatabase } from "../databaseError.js";
import { makeDomain } from "../makeDomain.js";
import { own } from "../ownedDomain.js";
import type { Pool } from "../pool.js";
import { type Connection, inTransaction } from "../transaction.js";

const CONNECT = `insert into resolver (chain_id, address, domain)
  select chain_id, address, $1 from unnest($2::bigint[], $3::bytea[]) as given (chain_id, address)
  on conflict do nothing`;

const SET_POLICY = `update domain set owner = $2, claims = $3, address_names = $4, aliases = $5, reserved_labels = $6
  where name = $1`;

const HAS_OWN_NAMES = `select from domain
  where name = $1 and not frozen and exists (select from name where domain = $1)`;

const ADD =
  "insert into mirror (domain, primary_url, network) values ($1, $2, $3) on conflict do nothing";

/**
 * Where writers are sent stays, unless it is said anew, or is the primary in a private network ($3). Its primary is changed
 * elsewhere, also when nothing follows it any more: no mirror of this one takes over.
 */
const FREEZE = `update domain set frozen = true, frozen_to = coalesce($2, nullif(frozen_to, $3)),
  fenced_by = (select promoter from mirror where domain = name) where name = $1`;

/** Throws as `MirrorStore.add`. */
export function addMirror(pool: Pool, { domain, primary, to, made }: NewMirror): Promise<void> {
  return inTransaction(pool, async (connection) => {
    const count = async (text: string, values: readonly unknown[]) =>
      (await fromDatabase(connection.query(text, [...values]))).rowCount ?? 0;
    const { above, isThere } = await own(connection, domain);
    if (made !== null) await make(connection, domain, above, made);
    else if (!isThere) throw noSuchDomain(domain);
    if ((await count(ADD, [domain, primary.url, primary.network])) === 0) throw isMirror(domain);
    if ((await count(HAS_OWN_NAMES, [domain])) > 0) throw isChangedHere(domain, primary);
    const untold = primary.network === null ? null : primary.url;
    await count(FREEZE, [domain, to, untold]);
  });
}

async function make(
  connection: Connection,
  domain: string,
  above: string | null,
  { resolvers, key, owner, policy }: NewDomain,
): Promise<void> {
  await makeDomain(connection, resolvers[0], key, { above });
  const chains = resolvers.map(({ chainId }) => chainId.toString());
  const addresses = resolvers.map(({ resolver }) => resolver);
  await fromDatabase(connection.query(CONNECT, [domain, chains, addresses]));
  const { claims, addressNames, aliases, reservedLabels } = policy;
  const values = [domain, owner, claims, addressNames, aliases, reservedLabels];
  await fromDatabase(connection.query(SET_POLICY, values));
}

function isMirror(domain: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `${domain} is a mirror already. To follow another primary, remove it first (\`signpost mirror remove ${domain}\`).`,
    { name: domain },
  );
}

/** It is perhaps the primary of somebody. */
function isChangedHere(domain: string, { url, network }: NewMirror["primary"]): SignpostError {
  const to = network === null ? ` --to ${url}` : "";
  return new SignpostError(
    "MIRROR_NOT_READY",
    `${domain} has names here, and they are changed here. If it is to be a mirror, freeze it first: \`signpost domain freeze ${domain}${to}\`.`,
    { domain },
  );
}
