/** What an admin does to a domain, and to what lies below it, is done where the domain is changed: nowhere else. */
import { SignpostError } from "../errors.js";
import { fromDatabase } from "./databaseError.js";
import type { Connection } from "./transaction.js";

interface PlaceRow {
  readonly frozen: boolean;
  readonly frozen_to: string | null;
  readonly primary_url: string | null;
}

const PLACE = `select frozen, frozen_to, primary_url from domain left join mirror on mirror.domain = name
  where name = $1`;

/**
 * While the domain is owned. Throws FORBIDDEN for a mirror, DOMAIN_FROZEN for a domain that is frozen; nothing for one that is
 * not there.
 * @param named the domain that the change is of: this one, or one below it
 */
export async function assertChangedHere(
  connection: Connection,
  domain: string,
  named: string,
): Promise<void> {
  const place = await placeOf(connection, domain);
  if (place === null || !place.frozen) return;
  if (place.primary_url !== null) throw isMirror(domain, place.primary_url);
  const { frozen_to: to } = place;
  const movedAway =
    domain === named
      ? ` If it has moved away for good: \`signpost domain remove ${domain} --with-names\`.`
      : "";
  throw new SignpostError(
    "DOMAIN_FROZEN",
    `${domain} is frozen here${to === null ? "" : `, and changed at ${to}`}. Do this where it is changed; to let it be changed here again: \`signpost domain unfreeze ${domain}\`.${movedAway}`,
    { domain, ...(to !== null && { to }) },
  );
}

/** Throws FORBIDDEN for a mirror. */
export async function assertNoMirror(connection: Connection, domain: string): Promise<void> {
  const primary = (await placeOf(connection, domain))?.primary_url ?? null;
  if (primary !== null) throw isMirror(domain, primary);
}

async function placeOf(connection: Connection, domain: string): Promise<PlaceRow | null> {
  const { rows } = await fromDatabase(connection.query<PlaceRow>(PLACE, [domain]));
  return rows[0] ?? null;
}

function isMirror(domain: string, primary: string): SignpostError {
  return new SignpostError(
    "FORBIDDEN",
    `${domain} is a mirror of ${primary}, and stays as it is there. To let it be changed here, promote it (\`signpost mirror promote ${domain}\`); to follow no more, remove the mirror first (\`signpost mirror remove ${domain}\`).`,
    { name: domain, domain },
  );
}
