/** The signed profile that a person gives, as a file or on standard input. */
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { MAX_PROFILE_BYTES, parseBoundedJson } from "../../dm3/profile/boundedJson.js";
import { parseSignedUserProfile, type SignedUserProfile } from "../../dm3/profile/profile.js";
import { isSignpostError, SignpostError } from "../../errors.js";

const STANDARD_INPUT = "-";

/** Throws INVALID_REQUEST for a file that cannot be read, INVALID_PROFILE for what is no signed profile. */
export async function givenProfile(file: string, input: Readable): Promise<SignedUserProfile> {
  const json = parseBoundedJson(await bytesOf(file, input));
  if (Object.hasOwn(Object(json) as object, "signedUserProfile")) {
    throw new SignpostError(
      "INVALID_PROFILE",
      "This is all that createProfile gives. Write its signedUserProfile alone into the file: its keys are secret.",
    );
  }
  return parseSignedUserProfile(json);
}

/** Of more than a profile needs, a little only, which is then refused. */
async function bytesOf(file: string, input: Readable): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of file === STANDARD_INPUT ? input : createReadStream(file)) {
      parts.push(Buffer.from(part as Uint8Array | string));
      length += parts.at(-1)?.length ?? 0;
      if (length > MAX_PROFILE_BYTES) break;
    }
  } catch (error) {
    if (isSignpostError(error)) throw error;
    throw new SignpostError(
      "INVALID_REQUEST",
      `The profile cannot be read from ${file}. Check the path and its permissions.`,
    );
  }
  return Buffer.concat(parts);
}
