/** A user's profile, read from the text record of a name that somebody has at hand. */
import { parseRecord } from "./parseRecord.js";
import { parseSignedUserProfile, type SignedUserProfile } from "./profile.js";

/**
 * The text of `network.dm3.profile`, as `encodeProfileRecord` makes it and as names of the service API have it. Null for a
 * link to a profile that is kept elsewhere, which `resolveProfile` fetches. Checks the form only, and not whose signature
 * it is.
 * @throws INVALID_PROFILE for what no client accepts
 */
export function decodeProfileRecord(text: string): SignedUserProfile | null {
  const record = parseRecord(text);
  return record.kind === "data" ? parseSignedUserProfile(record.json) : null;
}
