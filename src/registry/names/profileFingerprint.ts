import { sha256 } from "@noble/hashes/sha2.js";
import type { UserProfile } from "../../dm3/profile/profile.js";
import { stringify } from "../../dm3/stringify.js";

/**
 * By what a profile is recognised when it comes back: SHA-256 (32 bytes) of its owner's address and its
 * canonical JSON. The signature is left out, because one profile can carry many valid ones: a wallet may sign
 * twice, and an ECDSA signature can be rewritten without the key.
 */
export function profileFingerprint(owner: Uint8Array, profile: UserProfile): Uint8Array {
  const content = new TextEncoder().encode(stringify(profile));
  return sha256.create().update(owner).update(content).digest();
}
