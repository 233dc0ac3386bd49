/**
 * Publishing as dm3's clients do: a wallet's profile under its address name, and under the name that it chose.
 *
 * In dm3's reference a chosen name points at the address name. Here each name has records of its own, so a name
 * follows: as long as it shows the same profile as the address name, a new one is published under both.
 */
import { sameBytes } from "../../abi/bytes.js";
import type { Address } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { SignpostError } from "../../errors.js";
import type { Change } from "../changes/change.js";
import { changeTogether } from "../changes/changeName.js";
import type { Clock } from "../changes/clock.js";
import { retryOnConflict } from "../changes/retryOnConflict.js";
import type { Action } from "../names/action.js";
import { supersededProfile } from "../names/nameRefusals.js";
import type { VersionedName } from "../names/storedName.js";
import { profileAction } from "../names/verifiedActions.js";
import type { RegistryStores } from "../store.js";
import { addressName, type Dm3Domains } from "./dm3Domains.js";

/** Wallets choose one name; a service can have given them more. */
const MOST_FOLLOWERS = 100;

type Publishing = Action & { readonly kind: "publishProfile" };

export interface AddressProfile {
  readonly wallet: Address;
  /** Untrusted: a SignedUserProfile, if it is one. */
  readonly signedUserProfile?: unknown;
  /** The domain that the client takes for ours. */
  readonly subdomain: string;
}

/**
 * @throws INVALID_PROFILE, WRONG_SIGNER, UNKNOWN_DOMAIN, SUPERSEDED_PROFILE, POLICY_FORBIDS, FORBIDDEN when the domain
 *   is not served, and what else refuses a change
 */
export async function publishAddressProfile(
  registry: RegistryStores,
  domains: Dm3Domains,
  { wallet, signedUserProfile, subdomain }: AddressProfile,
  nowMs: Clock,
): Promise<void> {
  const action = profileAction(wallet, signedUserProfile);
  if (subdomain !== domains.addresses) throw unknownDomain(subdomain, domains);
  const name = addressName(wallet, domains);
  // what was signed for one name could be published by anyone for another one
  if (await registry.names.isSuperseded(wallet, action.fingerprint)) throw supersededProfile(name);
  const former = await retryOnConflict(async () => {
    const stored = await registry.names.nameOf(namehash(name));
    const followers = await followersOf(registry, domains, stored, action);
    const own = publishing(name, domains.addresses, action, stored);
    const others = followers.map((one) => publishing(one.name, one.domain, action, one, true));
    await changeTogether(registry, [own, ...others], nowMs);
    return stored;
  });
  // a name that was chosen in between shows the former profile; from now on none can
  await retryOnConflict(async () => {
    const late = await followersOf(registry, domains, former, action);
    const changes = late.map((one) => publishing(one.name, one.domain, action, one, true));
    if (changes.length > 0) await changeTogether(registry, changes, nowMs);
  });
}

/** The wallet's names that show its former profile, but for those that dm3's signatures do not reach. */
async function followersOf(
  { names }: RegistryStores,
  domains: Dm3Domains,
  former: VersionedName | null,
  { address, fingerprint }: Publishing,
): Promise<readonly VersionedName[]> {
  const shown = former?.profileFingerprint;
  if (!shown || domains.names === null || sameBytes(shown, fingerprint)) return [];
  const showing = await names.namesShowing(address, domains.names, shown, MOST_FOLLOWERS);
  return showing.filter(({ name }) => name !== former.name);
}

function publishing(
  name: string,
  domain: string,
  action: Publishing,
  stored: VersionedName | null,
  isFollowing = false,
): Change {
  return {
    domain,
    name,
    actions: [action],
    authority: { kind: "dm3", address: action.address, isFollowing },
    expected: stored ? { kind: "version", version: stored.version } : { kind: "absent" },
  };
}

function unknownDomain(subdomain: string, { addresses }: Dm3Domains): SignpostError {
  return new SignpostError(
    "UNKNOWN_DOMAIN",
    `Address names are under ${addresses} here, not under ${subdomain}. Correct the settings of the client.`,
    { subdomain },
  );
}
