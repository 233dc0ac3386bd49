/** The locks under which domains and their aliases come and go. */
import { lockOutOtherAdmins, ownDomain } from "./domainLocks.js";
import { domainsHolding } from "./domainRow.js";
import type { Connection } from "./transaction.js";

/** Waits until nobody changes names of the domain, or of the one above it, and keeps others from it until the end. */
export async function own(
  connection: Connection,
  domain: string,
): Promise<{ above: string | null; isThere: boolean }> {
  await lockOutOtherAdmins(connection);
  const holding = await domainsHolding(connection, [domain]);
  const isThere = holding.get(domain)?.name === domain;
  const above = (await domainsHolding(connection, [domain], domain)).get(domain)?.name ?? null;
  const owned = [...(above === null ? [] : [above]), ...(isThere ? [domain] : [])];
  // in the order in which changes of several domains' names share them
  for (const one of owned.sort()) await ownDomain(connection, one);
  return { above, isThere };
}
