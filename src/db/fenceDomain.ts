/** A domain is frozen for the mirror that takes it over, and for no other one. */
import { SignpostError } from "../errors.js";
import type { Fence } from "../registry/domains/domain.js";
import { noSuchDomain } from "../registry/domains/noSuchDomain.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";
import type { Connection } from "./transaction.js";

/** `public_primary`: null where that lies in a private network. */
const STANDING = `select frozen, frozen_to, fenced_by, mirror.domain is not null as is_mirror,
    case when network is null then primary_url end as public_primary
  from domain left join mirror on mirror.domain = name where name = $1`;

const FENCE = "update domain set frozen = true, frozen_to = $2, fenced_by = $3 where name = $1";

interface StandingRow {
  readonly frozen: boolean;
  readonly frozen_to: string | null;
  readonly fenced_by: string | null;
  readonly is_mirror: boolean;
  readonly public_primary: string | null;
}

/** While the domain is owned. Throws as `DomainStore.fence`. */
export async function fenceDomain(
  connection: Connection,
  domain: string,
  { to, by }: Fence,
): Promise<void> {
  const standing = await standingOf(connection, domain);
  // its primary would go on
  if (standing.is_mirror) throw isMirror(domain, standing);
  if (standing.frozen && !isFrozenFor(standing, by)) {
    if (standing.fenced_by !== null) throw isAnothers(domain, standing);
    if (standing.frozen_to !== null) throw isFrozenByHand(domain, standing.frozen_to);
  }
  await fromDatabase(connection.query(FENCE, [domain, to, by]));
}

/** Throws as `DomainStore.isFencedBy`. */
export async function isFencedBy(pool: Pool, domain: string, by: string): Promise<boolean> {
  return isFrozenFor(await standingOf(pool, domain), by);
}

function isFrozenFor({ frozen, fenced_by }: StandingRow, by: string | null): boolean {
  return frozen && by !== null && fenced_by === by;
}

async function standingOf(database: Pool | Connection, domain: string): Promise<StandingRow> {
  const { rows } = await fromDatabase(database.query<StandingRow>(STANDING, [domain]));
  if (rows[0] === undefined) throw noSuchDomain(domain);
  return rows[0];
}

/** To the operator of the mirror that asks. */
function isAnothers(domain: string, { frozen_to: to }: StandingRow): SignpostError {
  const sent = to === null ? "" : `, and sends writers to ${to}`;
  const who = to === null ? "ask its operator who did" : "see who answers there";
  return refused(
    `${domain} is frozen already, for another mirror or since it was one itself${sent}. Only one may take over: ${who}. If nobody took over, run \`signpost domain unfreeze ${domain}\` at the old primary, and promote again.`,
    { domain, to },
  );
}

function isFrozenByHand(domain: string, to: string): SignpostError {
  return refused(
    `${domain} is frozen already, by hand, and sends writers to ${to}. Only one may take over: see who answers there. If nobody took over, run \`signpost domain unfreeze ${domain}\` at the old primary, and promote again.`,
    { domain, to },
  );
}

function isMirror(domain: string, { frozen_to: to, public_primary: of }: StandingRow) {
  return refused(
    `${domain} is a mirror itself at this primary${of === null ? "" : `, of ${of}`}, so nobody takes over from it. Follow the installation where it is changed (\`signpost mirror remove ${domain}\` and \`mirror add\`), and promote then.`,
    { domain, to },
  );
}

function refused(
  message: string,
  { domain, to }: { readonly domain: string; readonly to: string | null },
): SignpostError {
  return new SignpostError("DOMAIN_FROZEN", message, { domain, ...(to !== null && { to }) });
}
