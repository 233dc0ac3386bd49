/** What has to be known of a change before its name is locked: the domain, the reservation, and what the lock reads. */
import { namehash } from "../../ens/namehash.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { Reservation } from "../domains/reservation.js";
import type { NameTarget } from "../history/lockedName.js";
import type { RegistryStores } from "../store.js";
import type { Change } from "./change.js";
import type { Pause } from "./clock.js";
import { domainsInMemory, type NameUnderDomain, nameUnderDomain } from "./nameUnderDomain.js";

/** Each takes a tenth of a millisecond, most of it for the namehash. */
const PREPARED_AT_ONCE = 100;

export interface PreparedChange extends NameUnderDomain {
  readonly change: Change;
  readonly reservation: Reservation | null;
  readonly target: NameTarget;
}

/** Throws INVALID_NAME, and FORBIDDEN for the name of another domain. */
export async function prepare(
  { domains }: RegistryStores,
  change: Change,
): Promise<PreparedChange> {
  const place = await nameUnderDomain(domains, change.name, change.domain);
  const reservations = await domains.reservationsAmong([place.name]);
  return prepared(change, place, reservations);
}

/** Each change, or what refuses it. Two reads, however many changes there are. */
export async function prepareAll(
  { domains }: RegistryStores,
  changes: readonly Change[],
  pause: Pause,
): Promise<readonly (PreparedChange | SignpostError)[]> {
  const known = await domainsInMemory(domains);
  const found: { readonly change: Change; readonly place: NameUnderDomain | SignpostError }[] = [];
  for (const [index, change] of changes.entries()) {
    if (index % PREPARED_AT_ONCE === 0) await pause();
    const place = await nameUnderDomain(known, change.name, change.domain).catch(refusalOf);
    found.push({ change, place });
  }
  // what is not a name can hold characters that a database does not take
  const names = found.flatMap(({ place }) => (place instanceof SignpostError ? [] : [place.name]));
  const reservations = await domains.reservationsAmong(names);
  const all: (PreparedChange | SignpostError)[] = [];
  for (const [index, { change, place }] of found.entries()) {
    if (index % PREPARED_AT_ONCE === 0) await pause();
    all.push(place instanceof SignpostError ? place : prepared(change, place, reservations));
  }
  return all;
}

function refusalOf(error: unknown): SignpostError {
  if (isSignpostError(error)) return error;
  throw error;
}

function prepared(
  change: Change,
  { name, domain }: NameUnderDomain,
  reservations: ReadonlyMap<string, Reservation>,
): PreparedChange {
  const { actions, authority } = change;
  const profile = actions.find(({ kind }) => kind === "publishProfile");
  const isWallet = authority.kind === "owner" || authority.kind === "dm3";
  return {
    change,
    name,
    domain,
    reservation: reservations.get(name) ?? null,
    target: {
      node: namehash(name),
      ...(profile?.kind === "publishProfile" && { fingerprint: profile.fingerprint }),
      ...(isWallet && { claimant: { wallet: authority.address, domain: domain.name } }),
    },
  };
}
