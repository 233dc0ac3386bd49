/** Sample users and relay nodes: fresh wallets, and keys derived as the dm3 client derives them. */
import { randomBytes } from "node:crypto";
import { type BaseWallet, Wallet } from "ethers";
import { deriveProfileKeys, publicKeyFields } from "../dm3/keys/keys.js";
import type { DeliveryServiceProfile } from "../dm3/profile/profile.js";
import { type CreatedProfile, createProfile } from "../wallet/createProfile.js";

export type Person = CreatedProfile;

/** What a user does who signs up: a wallet of one's own, two signatures. */
export async function signUp(
  relayNodes: readonly string[],
  wallet: BaseWallet = Wallet.createRandom(),
): Promise<Person> {
  return createProfile(wallet, relayNodes);
}

export function relayNodeProfile(url: string): DeliveryServiceProfile {
  return { ...publicKeyFields(deriveProfileKeys(randomBytes(32))), url };
}
