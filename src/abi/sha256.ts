/** SHA-256, by which histories, profiles and API keys are known. */
import { sha256 as hash } from "@noble/hashes/sha2.js";
import { type Digest, digestFrom } from "./digest.js";

/** Of the parts, one behind the other. */
export function sha256(...parts: readonly Uint8Array[]): Digest {
  const running = hash.create();
  for (const part of parts) running.update(part);
  return digestFrom(running.digest());
}

/** Of the text in UTF-8. */
export function sha256OfText(text: string): Digest {
  return sha256(new TextEncoder().encode(text));
}
