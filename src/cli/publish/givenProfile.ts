/** The signed profile that a person gives, as a file or on standard input. */
import type { Readable } from "node:stream";
import { MAX_PROFILE_BYTES, parseBoundedJson } from "../../dm3/profile/boundedJson.js";
import { parseSignedUserProfile, type SignedUserProfile } from "../../dm3/profile/profile.js";
import { SignpostError } from "../../errors.js";
import { givenFile } from "../../terminal/givenFile.js";

/** Throws INVALID_REQUEST for a file that cannot be read, INVALID_PROFILE for what is no signed profile. */
export async function givenProfile(file: string, input: Readable): Promise<SignedUserProfile> {
  const json = parseBoundedJson(await givenFile("profile", file, input, MAX_PROFILE_BYTES));
  if (Object.hasOwn(Object(json) as object, "signedUserProfile")) {
    throw new SignpostError(
      "INVALID_PROFILE",
      "This is all that createProfile gives. Write its signedUserProfile alone into the file: its keys are secret.",
    );
  }
  return parseSignedUserProfile(json);
}
