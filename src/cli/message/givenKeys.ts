/** The keys of a person who writes or reads messages, from a file: dm3's own JSON of them. */
import { decodeUtf8 } from "../../abi/utf8.js";
import { decodeBase64 } from "../../dm3/base64.js";
import { SignpostError } from "../../errors.js";
import type { KeyPair, MessageKeys, ProfileKeys } from "../../sdk/messages.js";
import { openMessageKeys } from "../../sdk/messagesNode.js";
import { givenFile } from "../../terminal/givenFile.js";

const LONGEST_KEYS = 16_384;

/** Ready for messages. Throws INVALID_REQUEST; no sentence shows anything of the keys. */
export async function givenKeys(file: string): Promise<MessageKeys> {
  return (await givenKeyPairs(file)).messageKeys;
}

/**
 * `{encryptionKeyPair: {privateKey}, signingKeyPair: {privateKey}}` in base64, as dm3's clients keep them. The pairs' public
 * halves are empty: whoever needs one computes it.
 * Throws INVALID_REQUEST; no sentence shows anything of the keys.
 */
export async function givenKeyPairs(
  file: string,
): Promise<{ readonly profileKeys: ProfileKeys; readonly messageKeys: MessageKeys }> {
  const bytes = await givenFile("key file", file, process.stdin, LONGEST_KEYS);
  try {
    const { encryptionKeyPair, signingKeyPair } = Object(JSON.parse(decodeUtf8(bytes))) as Record<
      string,
      { readonly privateKey?: unknown } | undefined
    >;
    const profileKeys = {
      encryptionKeyPair: keyPairOf(encryptionKeyPair),
      signingKeyPair: keyPairOf(signingKeyPair),
    };
    return { profileKeys, messageKeys: await openMessageKeys(profileKeys) };
  } catch {
    // without a cause, because errors of JSON quote what they read
    throw new SignpostError(
      "INVALID_REQUEST",
      `There are no keys in ${file}. Write {"encryptionKeyPair":{"privateKey":"..."},"signingKeyPair":{"privateKey":"..."}} into it, in base64, 32 and 64 bytes.`,
    );
  }
}

/** The public halves are computed from these. */
function keyPairOf(given: { readonly privateKey?: unknown } | undefined): KeyPair {
  return { privateKey: decodeBase64(String(given?.privateKey)), publicKey: new Uint8Array() };
}
