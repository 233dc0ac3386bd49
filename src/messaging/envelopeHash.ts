/** The name of an envelope at every hop: SHA-256 of its UTF-8, 64 hexadecimal digits in lower case. */
import { toHex } from "../abi/hex.js";
import { sha256OfText } from "../abi/sha256.js";
import type { EnvelopeHash } from "./network.js";

export function envelopeHash(envelope: string): EnvelopeHash {
  return toHex(sha256OfText(envelope)).slice(2);
}
