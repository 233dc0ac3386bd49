/** The keys of a person who writes or reads messages, from a file: dm3's own JSON of them, or the wallet's signature that they come from. */
import { decodeUtf8 } from "../../abi/utf8.js";
import { decodeBase64 } from "../../dm3/base64.js";
import { SignpostError } from "../../errors.js";
import type { KeyPair, MessageKeys, ProfileKeys } from "../../sdk/messages.js";
import { openMessageKeys } from "../../sdk/messagesNode.js";
import { givenFile } from "../../terminal/givenFile.js";
import { keysOfWallet, walletSignatureIn } from "./walletKeys.js";

const LONGEST_KEYS = 16_384;

/** Ready for messages. Throws INVALID_REQUEST; no sentence shows anything of the keys. */
export async function givenKeys(file: string): Promise<MessageKeys> {
  return (await givenKeyPairs(file)).messageKeys;
}

/**
 * `{encryptionKeyPair: {privateKey}, signingKeyPair: {privateKey}}` in base64, as dm3's clients keep them, or
 * `{wallet, signature, nonce?}` of `keyMessage`. The pairs' public halves may be empty: whoever needs one computes it.
 * Throws INVALID_REQUEST, and WRONG_SIGNER for another wallet's signature; no sentence shows anything of the keys.
 */
export async function givenKeyPairs(
  file: string,
): Promise<{ readonly profileKeys: ProfileKeys; readonly messageKeys: MessageKeys }> {
  const json = jsonIn(await givenFile("key file", file, process.stdin, LONGEST_KEYS));
  const signed = walletSignatureIn(json);
  const profileKeys = signed === null ? keyPairsIn(json) : keysOfWallet(signed);
  if (profileKeys === null) throw noKeys(file);
  try {
    return { profileKeys, messageKeys: await openMessageKeys(profileKeys) };
  } catch {
    throw noKeys(file);
  }
}

/** Null for what is none. */
function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch {
    return null;
  }
}

function keyPairsIn(json: unknown): ProfileKeys | null {
  const { encryptionKeyPair, signingKeyPair } = Object(json) as Record<
    string,
    { readonly privateKey?: unknown } | undefined
  >;
  try {
    return {
      encryptionKeyPair: keyPairOf(encryptionKeyPair),
      signingKeyPair: keyPairOf(signingKeyPair),
    };
  } catch {
    return null;
  }
}

/** Without a cause, because errors of JSON quote what they read. */
function noKeys(file: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `There are no keys in ${file}. Write {"encryptionKeyPair":{"privateKey":"..."},"signingKeyPair":{"privateKey":"..."}} into it, in base64, 32 and 64 bytes; or what a wallet signed for them (signpost message keys).`,
  );
}

/** The public halves are computed from these. */
function keyPairOf(given: { readonly privateKey?: unknown } | undefined): KeyPair {
  return { privateKey: decodeBase64(String(given?.privateKey)), publicKey: new Uint8Array() };
}
