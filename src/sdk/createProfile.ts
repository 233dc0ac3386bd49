/** A user's side of publishing: keys from the wallet, and the profile that the wallet signs. */
import { deriveProfileKeys, publicKeyFields, type ProfileKeys } from "../dm3/keys.js";
import { parseUserProfile, type SignedUserProfile } from "../dm3/profile.js";
import { assertSignedBy, profileCreationMessage } from "../dm3/profileSignature.js";
import {
  DEFAULT_STORAGE_KEY_NONCE,
  storageKeyCreationMessage,
  storageKeyOf,
} from "../dm3/storageKey.js";
import { checksumAddress, parseAddress } from "../ens/address.js";

/** An externally owned account; ethers' and viem's wallets have this shape, or nearly. */
export interface ProfileWallet {
  readonly address: string;
  /** EIP-191 personal_sign of the text: 65 bytes as `0x` hex. */
  signMessage(message: string): Promise<string>;
}

export interface CreatedProfile {
  /** The wallet's, checksummed: publish it beside the profile. */
  readonly address: string;
  readonly signedUserProfile: SignedUserProfile;
  /** Secret: what reads and signs the user's messages. It can always be made again with the same wallet. */
  readonly keys: ProfileKeys;
}

/**
 * Derives the keys as dm3 does (first signature) and signs a profile with them (second signature).
 *
 * @param relayNodes ENS names of the user's relay nodes, the preferred one first
 * @param nonce makes another set of keys from the same wallet; dm3's library has the default one
 * @throws INVALID_PROFILE for relay nodes that are no names, and for signatures that are not an account's (of a
 * contract wallet, for example); WRONG_SIGNER when the wallet signed as another account
 */
export async function createProfile(
  wallet: ProfileWallet,
  relayNodes: readonly string[],
  nonce: string = DEFAULT_STORAGE_KEY_NONCE,
): Promise<CreatedProfile> {
  const address = parseAddress(wallet.address);
  const storageKeySignature = await wallet.signMessage(storageKeyCreationMessage(address, nonce));
  const keys = deriveProfileKeys(storageKeyOf(storageKeySignature));
  const profile = parseUserProfile({ ...publicKeyFields(keys), deliveryServices: [...relayNodes] });
  const signature = await wallet.signMessage(profileCreationMessage(address, profile));
  const signedUserProfile = { profile, signature };
  assertSignedBy(address, signedUserProfile);
  return { address: checksumAddress(address), signedUserProfile, keys };
}
