/** What a wallet signs to publish a profile, and who signed one. */
import { sameBytes } from "../../abi/bytes.js";
import { fromHex } from "../../abi/hex.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { personalMessageDigest, recoverSigner } from "../keys/walletSignature.js";
import { stringify } from "../stringify.js";
import { parseSignedUserProfile, type SignedUserProfile, type UserProfile } from "./profile.js";

/**
 * The message for EIP-191 personal_sign, byte for byte as dm3 writes it. It carries neither a name nor a
 * nonce nor a time: whether a signed profile may be published now is the registry's decision.
 * @param address the wallet that signs
 */
export function profileCreationMessage(address: Address, profile: UserProfile): string {
  return [
    "dm3.chat wants you register your dm3 profile with your Ethereum account:",
    checksumAddress(address),
    "",
    "This is required only once!",
    "(There is no paid transaction initiated. The signature is used off-chain only.)",
    "",
    "URI: https://dm3.chat",
    "Version: 1",
    `dm3 Profile: ${stringify(profile)}`,
  ].join("\n");
}

/**
 * The address that signed the profile for `address`. It equals `address` only when the profile is
 * genuine; otherwise it is an arbitrary one, because the message itself holds `address`.
 * @throws INVALID_PROFILE when profile or signature is malformed, WRONG_SIGNER when no key can have signed it
 */
export function recoverProfileSigner(
  address: Address,
  signedUserProfile: SignedUserProfile,
): Address {
  return signerOf(address, parseSignedUserProfile(signedUserProfile));
}

function signerOf(address: Address, { profile, signature }: SignedUserProfile): Address {
  const digest = personalMessageDigest(profileCreationMessage(address, profile));
  return recoverSigner(digest, fromHex(signature), "INVALID_PROFILE");
}

/**
 * @param address the wallet that the profile's name serves as addr(60)
 * @throws INVALID_PROFILE when profile or signature is malformed, WRONG_SIGNER when that wallet did not sign it
 */
export function assertSignedBy(address: Address, signedUserProfile: SignedUserProfile): void {
  assertParsedSignedBy(address, parseSignedUserProfile(signedUserProfile));
}

/**
 * The same of a profile that `parseSignedUserProfile` gave.
 * @throws INVALID_PROFILE when the signature is malformed, WRONG_SIGNER when that wallet did not sign it
 */
export function assertParsedSignedBy(address: Address, parsed: SignedUserProfile): void {
  const signer = signerOf(address, parsed);
  if (!sameBytes(signer, address)) {
    const [wallet, found] = [checksumAddress(address), checksumAddress(signer)];
    throw new SignpostError(
      "WRONG_SIGNER",
      `The profile was not signed by the wallet ${wallet}, or was changed afterwards: its signature recovers to ${found}. Sign dm3's profile creation message for exactly this profile with that wallet, as the SDK's createProfile does.`,
      { expected: wallet, recovered: found },
    );
  }
}
