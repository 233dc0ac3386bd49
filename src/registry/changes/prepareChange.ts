/** What has to be known of a change before its name is locked: the domain, the reservation, and what the lock reads. */
import { namehash } from "../../ens/namehash.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { Domain } from "../domains/domain.js";
import type { Reservation } from "../domains/reservation.js";
import type { NameTarget } from "../history/lockedName.js";
import type { RegistryStores } from "../store.js";
import type { Change } from "./change.js";
import type { Pause } from "./clock.js";
import { domainOfName, domainsInMemory } from "./nameUnderDomain.js";

/** Each takes a tenth of a millisecond, most of it for the namehash. */
const PREPARED_AT_ONCE = 100;

export interface PreparedChange {
  readonly change: Change;
  readonly domain: Domain;
  readonly reservation: Reservation | null;
  readonly target: NameTarget;
}

/** Throws INVALID_NAME, and FORBIDDEN for the name of another domain. */
export async function prepare(
  { domains }: RegistryStores,
  change: Change,
): Promise<PreparedChange> {
  const domain = await domainOfName(domains, change.name, change.domain);
  const reservations = await domains.reservationsAmong([change.name]);
  return prepared(change, domain, reservations);
}

/** Each change, or what refuses it. Two reads, however many changes there are. */
export async function prepareAll(
  { domains }: RegistryStores,
  changes: readonly Change[],
  pause: Pause,
): Promise<readonly (PreparedChange | SignpostError)[]> {
  const known = await domainsInMemory(domains);
  const found: { readonly change: Change; readonly domain: Domain | SignpostError }[] = [];
  for (const [index, change] of changes.entries()) {
    if (index % PREPARED_AT_ONCE === 0) await pause();
    const domain = await domainOfName(known, change.name, change.domain).catch(refusalOf);
    found.push({ change, domain });
  }
  // what is not a name can hold characters that a database does not take
  const names = found.flatMap(({ change, domain }) =>
    domain instanceof SignpostError ? [] : [change.name],
  );
  const reservations = await domains.reservationsAmong(names);
  const all: (PreparedChange | SignpostError)[] = [];
  for (const [index, { change, domain }] of found.entries()) {
    if (index % PREPARED_AT_ONCE === 0) await pause();
    all.push(domain instanceof SignpostError ? domain : prepared(change, domain, reservations));
  }
  return all;
}

function refusalOf(error: unknown): SignpostError {
  if (isSignpostError(error)) return error;
  throw error;
}

function prepared(
  change: Change,
  domain: Domain,
  reservations: ReadonlyMap<string, Reservation>,
): PreparedChange {
  const { name, actions, authority } = change;
  const profile = actions.find(({ kind }) => kind === "publishProfile");
  const isWallet = authority.kind === "owner" || authority.kind === "dm3";
  return {
    change,
    domain,
    reservation: reservations.get(name) ?? null,
    target: {
      node: namehash(name),
      ...(profile?.kind === "publishProfile" && { fingerprint: profile.fingerprint }),
      ...(isWallet && { claimant: { wallet: authority.address, domain: domain.name } }),
    },
  };
}
