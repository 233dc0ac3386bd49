/** A user's side of publishing: keys from the wallet, and the profile that the wallet signs. */
import type { Hex } from "../abi/hex.js";
import { deriveProfileKeys, type ProfileKeys, publicKeyFields } from "../dm3/keys/keys.js";
import {
  DEFAULT_STORAGE_KEY_NONCE,
  storageKeyCreationMessage,
  storageKeyOf,
} from "../dm3/keys/storageKey.js";
import { parseUserProfile, type SignedUserProfile } from "../dm3/profile/profile.js";
import { assertSignedBy, profileCreationMessage } from "../dm3/profile/profileSignature.js";
import { checksumAddress, parseAddress } from "../ens/address.js";
import { connectWallet, type Wallet } from "./connectWallet.js";
import type { ProfileWallet } from "./ownerWallet.js";

export interface CreatedProfile {
  /** The wallet's, checksummed: publish it beside the profile. */
  readonly address: Hex;
  readonly signedUserProfile: SignedUserProfile;
  /** Secret: what reads and signs the user's messages. It can always be made again with the same wallet. */
  readonly keys: ProfileKeys;
}

/**
 * Derives the keys as dm3 does (first signature) and signs a profile with them (second signature).
 *
 * @param wallet an account that signs texts, a signer of ethers, an account or client of viem, or an EIP-1193 provider
 * @param relayNodes ENS names of the user's relay nodes, the preferred one first
 * @param nonce makes another set of keys from the same wallet; dm3's library has the default one
 * @throws INVALID_PROFILE for relay nodes that are no names, and for signatures that are not an account's (of a
 * contract wallet, for example); WRONG_SIGNER when the wallet signed as another account
 */
export async function createProfile(
  wallet: ProfileWallet | Wallet,
  relayNodes: readonly string[],
  nonce: string = DEFAULT_STORAGE_KEY_NONCE,
): Promise<CreatedProfile> {
  const signer: ProfileWallet = isReady(wallet) ? wallet : await connectWallet(wallet);
  const address = parseAddress(signer.address);
  const storageKeySignature = await signer.signMessage(storageKeyCreationMessage(address, nonce));
  const keys = deriveProfileKeys(storageKeyOf(storageKeySignature));
  const profile = parseUserProfile({ ...publicKeyFields(keys), deliveryServices: [...relayNodes] });
  const signature = await signer.signMessage(profileCreationMessage(address, profile));
  const signedUserProfile = { profile, signature };
  assertSignedBy(address, signedUserProfile);
  return { address: checksumAddress(address), signedUserProfile, keys };
}

/** viem's accounts have an address as well, but sign objects, and tell their type. */
function isReady(wallet: object): wallet is ProfileWallet {
  const { address, type } = wallet as { address?: unknown; type?: unknown };
  return typeof address === "string" && typeof type !== "string";
}
