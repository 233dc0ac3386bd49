import type { Digest } from "../../abi/digest.js";
import { sha256 } from "../../abi/sha256.js";
import type { UserProfile } from "../../dm3/profile/profile.js";
import { stringify } from "../../dm3/stringify.js";
import type { Address } from "../../ens/address.js";

/**
 * By what a profile is recognised when it comes back: SHA-256 of its owner's address and its
 * canonical JSON. The signature is left out, because one profile can carry many valid ones: a wallet may sign
 * twice, and an ECDSA signature can be rewritten without the key.
 */
export function profileFingerprint(owner: Address, profile: UserProfile): Digest {
  const content = new TextEncoder().encode(stringify(profile));
  return sha256(owner, content);
}
