/** A domain is frozen for the mirror that takes it over, and for no other one. */
import { SignpostError } from "../errors.js";
import type { Fence } from "../registry/domains/domain.js";
import { assertNotFrozen } from "../registry/domains/frozenDomain.js";
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import { fromDatabase } from "./databaseError.js";
import { domainsHolding } from "./domainRow.js";
import type { Connection } from "./transaction.js";

const STANDING = `select fenced_by, exists (select from mirror where domain = name) as is_mirror
  from domain where name = $1`;

const FENCE = "update domain set frozen = true, frozen_to = $2, fenced_by = $3 where name = $1";

interface StandingRow {
  readonly fenced_by: string | null;
  readonly is_mirror: boolean;
}

/** While the domain is owned. Throws as `DomainStore.fence`. */
export async function fenceDomain(
  connection: Connection,
  domain: string,
  { to, by }: Fence,
): Promise<void> {
  const its = (await domainsHolding(connection, [domain])).get(domain);
  const { rows } = await fromDatabase(connection.query<StandingRow>(STANDING, [domain]));
  const standing = rows[0];
  if (its?.name !== domain || standing === undefined) throw noSuchDomain(domain);
  const isAgain = by !== null && standing.fenced_by === by;
  // of a mirror, its primary would go on
  if (standing.is_mirror) assertNotFrozen(its);
  if (its.frozen !== null && its.frozen.to !== null && !isAgain) {
    if (its.frozen.to !== to) assertNotFrozen(its);
    throw isAnothers(domain, to);
  }
  await fromDatabase(connection.query(FENCE, [domain, to, by]));
}

function isAnothers(domain: string, to: string): SignpostError {
  return new SignpostError(
    "DOMAIN_FROZEN",
    `${domain} is frozen already, for another mirror that gives the same URL, or by hand. Only one may take over: see who answers at ${to}. If nobody took over, run \`signpost domain unfreeze ${domain}\` at the old primary, and promote again.`,
    { domain, to },
  );
}
