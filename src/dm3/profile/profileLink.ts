/** Profiles behind an https link: the record holds the hash that makes the host's answer trustworthy. */
import { type Hex, toHex } from "../../abi/hex.js";
import { sha256 } from "../../abi/sha256.js";
import { SignpostError } from "../../errors.js";
import { dm3Hash as hashOfJson } from "../stringify.js";
import { parseBoundedJson } from "./boundedJson.js";

/**
 * A `dm3Hash` as dm3 writes it: `0x` and lower-case hex. The specification shows it without `0x` too.
 * @throws INVALID_PROFILE
 */
export function parseDm3Hash(text: string): Hex {
  const digits = /^(?:0x)?([0-9a-f]{64})$/i.exec(text)?.[1];
  if (digits === undefined) {
    throw new SignpostError(
      "INVALID_PROFILE",
      "The dm3Hash of the link is not a SHA-256 hash. Write 0x and 64 hexadecimal digits.",
    );
  }
  return `0x${digits.toLowerCase()}`;
}

/**
 * The JSON that a link led to, checked against the hash in the link: of the canonical JSON (dm3), or of the
 * very bytes (the specification's wording).
 * @param content what the host answered
 * @param dm3Hash from `parseRecord`; null is refused, as dm3 does, since the host could then answer anything
 * @throws INVALID_PROFILE when it is not JSON or not what the link promises
 */
export function parseLinkedProfile(content: Uint8Array, dm3Hash: string | null): unknown {
  if (dm3Hash === null) {
    throw new SignpostError(
      "INVALID_PROFILE",
      "The link carries no dm3Hash, so nothing proves what its host answers. Add ?dm3Hash=<SHA-256 of the JSON> to the link.",
    );
  }
  const expected = parseDm3Hash(dm3Hash);
  const json = parseBoundedJson(content);
  if (toHex(sha256(content)) !== expected && hashOfJson(json) !== expected) {
    throw new SignpostError(
      "INVALID_PROFILE",
      "The linked profile is not the one that the link's dm3Hash commits to. Update the hash in the record, or restore the file.",
      { expected },
    );
  }
  return json;
}
