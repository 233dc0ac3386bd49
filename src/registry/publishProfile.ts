/**
 * Publishing and deleting a user's DM3 profile: verify, lock the name, look again, store.
 *
 * A DM3 profile carries no time, so an old one, with its still valid signature, looks like a new one. What
 * was once replaced or deleted under a name is therefore never accepted again under that name.
 */
import { sameBytes } from "../abi/bytes.js";
import { COIN_TYPE_ETH } from "../ens/coinType.js";
import { checksumAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../dm3/profileRecord.js";
import { parseSignedUserProfile } from "../dm3/profile.js";
import { assertSignedBy } from "../dm3/profileSignature.js";
import { nodeUnderDomain } from "./nameUnderDomain.js";
import { profileFingerprint } from "./profileFingerprint.js";
import { emptyName, type LockedName, type RegistryStores, type StoredName } from "./store.js";

export interface ProfilePublication {
  /** The domain in whose right the publisher acts. */
  readonly domain: string;
  readonly name: string;
  /** The wallet that signed the profile, 20 bytes: served as addr(60) of the name from now on. */
  readonly address: Uint8Array;
  /** Untrusted input: a SignedUserProfile, if it is one. */
  readonly signedUserProfile: unknown;
}

/** `created` where the name had no profile, `replaced` where it had another, `unchanged` where it had this one. */
export type PublicationOutcome = "created" | "replaced" | "unchanged";

/**
 * Throws INVALID_NAME, FORBIDDEN (another domain's name), INVALID_PROFILE, WRONG_SIGNER (not signed by
 * `address`), NAME_TAKEN (the name has another address), SUPERSEDED_PROFILE (was replaced or deleted before).
 */
export async function publishProfile(
  { names, domains }: RegistryStores,
  { domain, name, address, signedUserProfile }: ProfilePublication,
): Promise<PublicationOutcome> {
  const node = await nodeUnderDomain(domains, name, domain);
  const signed = parseSignedUserProfile(signedUserProfile);
  assertSignedBy(address, signed);
  const fingerprint = profileFingerprint(address, signed.profile);

  return names.changeName(node, async (locked) => {
    const { current } = locked;
    if (current) assertOwnedBy(current, address);
    if (current?.profileFingerprint && sameBytes(current.profileFingerprint, fingerprint)) {
      return "unchanged";
    }
    if (await locked.hasRetired(fingerprint)) throw superseded(name);
    await retireProfileOf(locked);
    const kept = current ?? emptyName(node, name, domain);
    await locked.save({
      ...kept,
      domain,
      addresses: new Map(kept.addresses).set(COIN_TYPE_ETH, address),
      texts: new Map(kept.texts).set(DM3_PROFILE_KEY, encodeProfileRecord(signed)),
      profileFingerprint: fingerprint,
    });
    return current?.profileFingerprint ? "replaced" : "created";
  });
}

/**
 * Takes the profile away; the name keeps its address and its other records. Throws INVALID_NAME, FORBIDDEN, and
 * NOT_FOUND when the name has no profile.
 */
export async function deleteProfile(
  { names, domains }: RegistryStores,
  domain: string,
  name: string,
): Promise<void> {
  const node = await nodeUnderDomain(domains, name, domain);
  await names.changeName(node, async (locked) => {
    const { current } = locked;
    if (!current?.profileFingerprint) {
      throw new SignpostError("NOT_FOUND", `The name ${name} has no profile to delete.`, { name });
    }
    await retireProfileOf(locked);
    const texts = new Map(current.texts);
    texts.delete(DM3_PROFILE_KEY);
    await locked.save({ ...current, texts, profileFingerprint: null });
  });
}

async function retireProfileOf(locked: LockedName): Promise<void> {
  const fingerprint = locked.current?.profileFingerprint;
  if (fingerprint) await locked.retire(fingerprint);
}

/** Nobody moves a name by publishing under it: its first address stays. */
function assertOwnedBy(current: StoredName, address: Uint8Array): void {
  const owner = current.addresses.get(COIN_TYPE_ETH);
  if (owner && !sameBytes(owner, address)) {
    throw new SignpostError(
      "NAME_TAKEN",
      `The name ${current.name} belongs to ${checksumAddress(owner)}; a profile for it has to be signed by that wallet.`,
      { name: current.name, owner: checksumAddress(owner) },
    );
  }
}

function superseded(name: string): SignpostError {
  return new SignpostError(
    "SUPERSEDED_PROFILE",
    `This profile was replaced or deleted under ${name} before and cannot come back: whoever kept a copy could undo its owner's change. Sign a profile that differs, for example with new keys.`,
    { name },
  );
}
