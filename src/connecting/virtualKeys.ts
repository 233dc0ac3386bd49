/** What follows from the private key of a virtual user's wallet: profile, DM3 keys, and the link to the user's address. */
import { Wallet } from "ethers";
import { fromHex, toHex } from "../abi/hex.js";
import { type MessageKeys, messageKeysOf } from "../dm3/message/messageKeys.js";
import { signLink } from "../dm3/statement/addressLink.js";
import { type Address, parseAddress } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import { messageEngine } from "../native/messageEngine.js";
import { type CreatedProfile, createProfile } from "../wallet/createProfile.js";

export interface VirtualKeys {
  readonly wallet: Address;
  readonly created: CreatedProfile;
  readonly keys: MessageKeys;
}

const WALLET_KEY_BYTES = 32;

/** A new one; whoever is done with the key fills it with zeros. */
export function newWallet(): { readonly walletKey: Uint8Array; readonly wallet: Address } {
  const { privateKey, address } = Wallet.createRandom();
  return { walletKey: fromHex(privateKey), wallet: parseAddress(address) };
}

export async function openKeys(walletKey: Uint8Array, relayNode: NormalName): Promise<VirtualKeys> {
  if (walletKey.length !== WALLET_KEY_BYTES) {
    throw new SignpostError("INTERNAL", "A wallet's private key has another length.");
  }
  const created = await createProfile(new Wallet(toHex(walletKey)), [relayNode]);
  return {
    wallet: parseAddress(created.address),
    created,
    keys: await messageKeysOf(await messageEngine(), created.keys),
  };
}

interface LinkWish {
  readonly name: NormalName;
  readonly relayNode: NormalName;
  /** Unix time in seconds. */
  readonly signedAtSec: number;
}

/** As a user's own client would send it. */
export function linkOf(
  { created }: VirtualKeys,
  native: NativeAddress,
  { name, relayNode, signedAtSec }: LinkWish,
): object {
  const address = formatNativeAddress(native);
  const { privateKey } = created.keys.signingKeyPair;
  return {
    ...{ name, signedAtSec, wallet: created.address, profile: created.signedUserProfile },
    signature: signLink(privateKey, { name, address, relayNode, signedAtSec }),
  };
}
