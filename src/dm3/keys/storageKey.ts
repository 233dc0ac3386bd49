/**
 * The storage key: a secret that a user can always make again by signing the same message with the same
 * wallet. dm3 derives the profile keys from it.
 */
import { sha256OfText } from "../../abi/sha256.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { sha256Hex } from "../stringify.js";

/** The nonce that dm3's library uses. Its web client has its own, so one wallet may own several key sets. */
export const DEFAULT_STORAGE_KEY_NONCE = sha256Hex("dm3_default_nonce");

/**
 * What the wallet signs (EIP-191 personal_sign), byte for byte as dm3 writes it.
 * @param address the wallet
 */
export function storageKeyCreationMessage(
  address: Address,
  nonce: string = DEFAULT_STORAGE_KEY_NONCE,
): string {
  return [
    "dm3.chat wants you to sign in with your Ethereum account:",
    checksumAddress(address),
    "",
    "Connect the DM3 MESSENGER with your wallet. Keys for secure communication are derived from this signature.",
    "",
    "(There is no paid transaction initiated. The signature is used off-chain only.)",
    "",
    "URI: https://dm3.chat",
    "Version: 1",
    `Nonce: ${nonce}`,
  ].join("\n");
}

/**
 * @param signature the wallet's answer as the text it returned (`0x` hex): dm3 hashes the characters, not the
 *   bytes, so upper case would make other keys
 * @returns 32 bytes, the seed for `deriveProfileKeys`
 */
export function storageKeyOf(signature: string): Uint8Array {
  return sha256OfText(signature);
}
