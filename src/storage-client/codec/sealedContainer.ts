/**
 * Containers as a dm3 storage keeps them: encrypted for the user's own public key as messages are for their receivers, and that in
 * base64 once more. Everybody who knows a profile can encrypt for it, so nothing in a container is the user's own word: what counts
 * is the signature of the message in it.
 */
import { decodeUtf8 } from "../../abi/utf8.js";
import { decodeBase64, encodeBase64 } from "../../dm3/base64.js";
import { decryptText, encryptText } from "../../dm3/message/encryption.js";
import type { MessageKeys } from "../../dm3/message/messageKeys.js";
import { LONGEST_MESSAGE } from "../../dm3/message/receivedMessage.js";

/** In characters: base64 of base64 of the longest message. */
const LONGEST_SEALED_CONTAINER = 2 * LONGEST_MESSAGE;

export async function sealContainer(
  { engine, encryptionKey: { publicKey } }: MessageKeys,
  text: string,
): Promise<string> {
  const sealed = await encryptText(engine, encodeBase64(publicKey), text);
  return encodeBase64(new TextEncoder().encode(sealed));
}

/**
 * Null for what was encrypted for none of the keys, or is no such text.
 * @param keys the present ones first
 */
export async function openContainer(
  keys: readonly MessageKeys[],
  sealed: string,
): Promise<string | null> {
  const encrypted = sealed.length > LONGEST_SEALED_CONTAINER ? null : textIn(sealed);
  if (encrypted === null) return null;
  for (const { engine, encryptionKey } of keys) {
    const opened = await decryptText(engine, encryptionKey, encrypted);
    if (opened === "malformed") return null;
    if (opened !== null) return opened.text;
  }
  return null;
}

function textIn(base64: string): string | null {
  try {
    return decodeUtf8(decodeBase64(base64));
  } catch {
    return null;
  }
}
