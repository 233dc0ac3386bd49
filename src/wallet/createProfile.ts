/** A user's side of publishing: keys from the wallet, and the profile that the wallet signs. */
import type { Hex } from "../abi/hex.js";
import { fromHex, toHex } from "../abi/hex.js";
import { deriveProfileKeys, type ProfileKeys, publicKeyFields } from "../dm3/keys/keys.js";
import { canonicalKeySignature } from "../dm3/keys/keySignature.js";
import {
  DEFAULT_STORAGE_KEY_NONCE,
  storageKeyCreationMessage,
  storageKeyOf,
} from "../dm3/keys/storageKey.js";
import { parseUserProfile, type SignedUserProfile } from "../dm3/profile/profile.js";
import { assertSignedBy, profileCreationMessage } from "../dm3/profile/profileSignature.js";
import { checksumAddress, parseAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";
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
 * Derives the keys as dm3 does and signs a profile with them. The wallet is asked three times: twice for the signature
 * that the keys come from, because keys of a wallet that signs the same text differently each time could never be made
 * again; and once for the profile. Whoever has such a wallet keeps keys of their own instead: random bytes through
 * dm3's derivation, and a copy of them.
 *
 * @param wallet an account that signs texts, a signer of ethers, an account or client of viem, or an EIP-1193 provider
 * @param relayNodes ENS names of the user's relay nodes, the preferred one first
 * @param nonce makes another set of keys from the same wallet; dm3's library has the default one
 * @throws INVALID_PROFILE for relay nodes that are no names, for signatures that are not an account's (of a contract
 * wallet, for example), and for a wallet whose signatures differ; WRONG_SIGNER when it signed as another account
 */
export async function createProfile(
  wallet: ProfileWallet | Wallet,
  relayNodes: readonly string[],
  nonce: string = DEFAULT_STORAGE_KEY_NONCE,
): Promise<CreatedProfile> {
  const signer: ProfileWallet = isReady(wallet) ? wallet : await connectWallet(wallet);
  const address = parseAddress(signer.address);
  const keyMessage = storageKeyCreationMessage(address, nonce);
  const keys = deriveProfileKeys(storageKeyOf(await stableSignature(signer, keyMessage)));
  const profile = parseUserProfile({ ...publicKeyFields(keys), deliveryServices: [...relayNodes] });
  const signature = await keySignature(signer, profileCreationMessage(address, profile));
  const signedUserProfile = { profile, signature };
  assertSignedBy(address, signedUserProfile);
  return { address: checksumAddress(address), signedUserProfile, keys };
}

/** In the spelling that dm3 hashes. Throws INVALID_PROFILE. */
async function keySignature(signer: ProfileWallet, message: string): Promise<string> {
  const given = await signer.signMessage(message);
  const canonical = /^0x(?:[0-9a-f]{2})+$/i.test(given)
    ? canonicalKeySignature(fromHex(given))
    : null;
  if (canonical !== null) return toHex(canonical);
  throw new SignpostError(
    "INVALID_PROFILE",
    "The wallet's signature is not that of a key. A contract wallet cannot have a DM3 profile by itself: use an account whose key signs.",
    { field: "signature" },
  );
}

async function stableSignature(signer: ProfileWallet, message: string): Promise<string> {
  const first = await keySignature(signer, message);
  if ((await keySignature(signer, message)) === first) return first;
  throw new SignpostError(
    "INVALID_PROFILE",
    "This wallet signs the same text differently each time, so keys that come from its signature could never be made again. Use another wallet, or make keys from random bytes and keep a copy of them.",
    { field: "signature" },
  );
}

/** viem's accounts have an address as well, but sign objects, and tell their type. */
function isReady(wallet: object): wallet is ProfileWallet {
  const { address, type } = wallet as { address?: unknown; type?: unknown };
  return typeof address === "string" && typeof type !== "string";
}
