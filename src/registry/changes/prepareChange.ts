/** What has to be known of a change before its name is locked: that its domain may write it, and what the lock reads. */
import { namehash } from "../../ens/namehash.js";
import type { NormalName } from "../../ens/normalize.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { NameTarget } from "../history/lockedName.js";
import { sharedDm3Form } from "../names/dm3Form.js";
import type { RegistryStores } from "../store.js";
import type { Change } from "./change.js";
import type { Pause } from "./clock.js";
import { domainsInMemory, type NameUnderDomain, nameUnderDomain } from "./nameUnderDomain.js";

/** Each takes a tenth of a millisecond, most of it for the namehash. */
const PREPARED_AT_ONCE = 100;

export interface PreparedChange {
  readonly change: Change;
  readonly name: NormalName;
  readonly target: NameTarget;
}

/** Throws INVALID_NAME, and FORBIDDEN for the name of another domain. */
export async function prepare(
  { domains }: RegistryStores,
  change: Change,
): Promise<PreparedChange> {
  return prepared(change, await nameUnderDomain(domains, change.name, change.domain));
}

/** Each change, or what refuses it. One read, however many changes there are. */
export async function prepareAll(
  { domains }: RegistryStores,
  changes: readonly Change[],
  pause: Pause,
): Promise<readonly (PreparedChange | SignpostError)[]> {
  const known = await domainsInMemory(domains);
  const all: (PreparedChange | SignpostError)[] = [];
  for (const [index, change] of changes.entries()) {
    if (index % PREPARED_AT_ONCE === 0) await pause();
    const place = await nameUnderDomain(known, change.name, change.domain).catch(refusalOf);
    all.push(place instanceof SignpostError ? place : prepared(change, place));
  }
  return all;
}

function refusalOf(error: unknown): SignpostError {
  if (isSignpostError(error)) return error;
  throw error;
}

function prepared(change: Change, { name, domain }: NameUnderDomain): PreparedChange {
  const { actions, authority } = change;
  const profile = actions.find(({ kind }) => kind === "publishProfile");
  const sharedForm = sharedDm3Form(name);
  const isWallet = authority.kind === "owner" || authority.kind === "dm3";
  return {
    change,
    name,
    target: {
      node: namehash(name),
      place: { name, domain: domain.name },
      ...(sharedForm !== null && { sharedForm }),
      ...(profile?.kind === "publishProfile" && { fingerprint: profile.fingerprint }),
      ...(isWallet && { claimant: { wallet: authority.address, domain: domain.name } }),
    },
  };
}
