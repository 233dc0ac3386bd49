/**
 * Profile keys from a wallet: dm3 makes them of the wallet's signature over one text, so whoever has the wallet needs no key file.
 * That signature is as secret as the keys.
 */
import { sameBytes } from "../../abi/bytes.js";
import { fromHex, toHex } from "../../abi/hex.js";
import { deriveProfileKeys, type ProfileKeys } from "../../dm3/keys/keys.js";
import { canonicalKeySignature } from "../../dm3/keys/keySignature.js";
import {
  DEFAULT_STORAGE_KEY_NONCE,
  storageKeyCreationMessage,
  storageKeyOf,
} from "../../dm3/keys/storageKey.js";
import { personalMessageDigest, recoverSigner } from "../../dm3/keys/walletSignature.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";

/** As it stands in a key file. */
export interface WalletSignature {
  readonly wallet: string;
  /** Of personal_sign over `keyMessage`, 0x hex. */
  readonly signature: string;
  /** Of another set of keys than that of dm3's library. */
  readonly nonce?: string;
}

/** What the wallet has to sign with personal_sign. Throws INVALID_REQUEST for no address. */
export function keyMessage(wallet: string, nonce: string = DEFAULT_STORAGE_KEY_NONCE): string {
  return storageKeyCreationMessage(parseAddress(wallet), nonce);
}

/** Null for what is a key file of another form. */
export function walletSignatureIn(json: unknown): WalletSignature | null {
  const { wallet, signature, nonce } = Object(json) as Partial<Record<string, unknown>>;
  if (typeof wallet !== "string" || typeof signature !== "string") return null;
  return { wallet, signature, ...(typeof nonce === "string" && { nonce }) };
}

/** Throws INVALID_REQUEST, and WRONG_SIGNER where the wallet did not sign this text; no sentence shows the signature. */
export function keysOfWallet({ wallet, signature, nonce }: WalletSignature): ProfileKeys {
  const given = /^0x(?:[0-9a-f]{2})+$/i.test(signature)
    ? canonicalKeySignature(fromHex(signature))
    : null;
  if (given === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The wallet's signature is not that of a key: 0x and 130 hex digits. Sign the text with personal_sign.",
    );
  }
  const address = parseAddress(wallet);
  const digest = personalMessageDigest(keyMessage(wallet, nonce));
  const signer = recoverSigner(digest, given, "INVALID_REQUEST");
  if (!sameBytes(signer, address)) {
    throw new SignpostError(
      "WRONG_SIGNER",
      `${checksumAddress(address)} did not sign this text. Let that wallet sign exactly what signpost message keys prints.`,
      { expected: checksumAddress(address), recovered: checksumAddress(signer) },
    );
  }
  return deriveProfileKeys(storageKeyOf(toHex(given)));
}
