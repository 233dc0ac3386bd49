/** Sample users and relay nodes: fresh wallets, and keys derived as the dm3 client derives them. */
import { randomBytes } from "node:crypto";
import { Wallet } from "ethers";
import { fromHex } from "../abi/hex.js";
import { deriveProfileKeys, publicKeyFields } from "../dm3/keys.js";
import type { DeliveryServiceProfile, SignedUserProfile, UserProfile } from "../dm3/profile.js";
import { profileCreationMessage } from "../dm3/profileSignature.js";
import {
  DEFAULT_STORAGE_KEY_NONCE,
  storageKeyCreationMessage,
  storageKeyOf,
} from "../dm3/storageKey.js";

export interface Person {
  /** Checksummed. */
  readonly address: string;
  readonly signedUserProfile: SignedUserProfile;
}

/** What a wallet does when its user signs up: one signature makes the keys, a second one signs the profile. */
export async function signUp(
  relayNodes: readonly string[],
  wallet = Wallet.createRandom(),
): Promise<Person> {
  const address = fromHex(wallet.address);
  const storageKey = storageKeyOf(
    await wallet.signMessage(storageKeyCreationMessage(address, DEFAULT_STORAGE_KEY_NONCE)),
  );
  const profile: UserProfile = {
    ...publicKeyFields(deriveProfileKeys(storageKey)),
    deliveryServices: [...relayNodes],
  };
  const signature = await wallet.signMessage(profileCreationMessage(address, profile));
  return {
    address: wallet.address,
    signedUserProfile: { profile, signature: signature as `0x${string}` },
  };
}

export function relayNodeProfile(url: string): DeliveryServiceProfile {
  return { ...publicKeyFields(deriveProfileKeys(randomBytes(32))), url };
}
