/** What a wallet shows under its address name: whose signing key proves the wishes of dm3's clients. */
import { parseRecord } from "../../dm3/profile/parseRecord.js";
import { parseSignedUserProfile, type SignedUserProfile } from "../../dm3/profile/profile.js";
import { DM3_PROFILE_KEY } from "../../dm3/profile/profileRecord.js";
import type { Address } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { SignpostError } from "../../errors.js";
import type { Change } from "../changes/change.js";
import type { Authority } from "../names/authority.js";
import { isOwnedBy } from "../names/nameOwner.js";
import type { StoredName, VersionedName } from "../names/storedName.js";
import type { NameStore } from "../store.js";
import { addressName, type Dm3Domains } from "./dm3Domains.js";

export interface ShownProfile {
  readonly stored: VersionedName;
  readonly signed: SignedUserProfile;
  readonly authority: Authority & { readonly kind: "dm3" };
}

/**
 * Null where the wallet has no profile under its address name, or the name is suspended, or was moved to
 * another wallet: then its profile is that one's.
 */
export async function profileShownBy(
  names: Pick<NameStore, "nameOf">,
  domains: Dm3Domains,
  wallet: Address,
): Promise<ShownProfile | null> {
  const stored = await names.nameOf(namehash(addressName(wallet, domains)));
  if (!stored || !isOwnedBy(stored, wallet)) return null;
  const signed = profileUnder(stored);
  return signed && { stored, signed, authority: { kind: "dm3", address: wallet } };
}

/** Changes nothing, but holds the address name as it was read while another name changes; else VERSION_CONFLICT. */
export function unchanged({ stored, authority }: ShownProfile): Change {
  const { name, domain, version } = stored;
  return { domain, name, actions: [], authority, expected: { kind: "version", version } };
}

export function noProfileFor(name: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `No wallet shows a profile for ${name}; publish one under the wallet's address first (POST /profile/address).`,
    { name },
  );
}

/** Null where it shows none, or is suspended. */
export function profileUnder({ suspension, texts }: StoredName): SignedUserProfile | null {
  const text = texts.get(DM3_PROFILE_KEY);
  if (suspension || text === undefined) return null;
  const record = parseRecord(text);
  return record.kind === "data" ? parseSignedUserProfile(record.json) : null;
}
