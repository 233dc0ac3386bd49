/** The user's own profile as everybody sees it: where messages for the user lie, and which keys count. */
import { encodeBase64 } from "../dm3/base64.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { SignpostError } from "../errors.js";
import type { FoundProfile, ProfileOutcome } from "../lookup/outcome.js";

export interface OwnProfile {
  /**
   * @throws UNREACHABLE, NOT_FOUND without a profile, OTHER_KEYS where it shows other keys than the messenger has
   */
  now(): Promise<FoundProfile>;
  /** As it was seen last. Throws UNREACHABLE before that. */
  seen(): FoundProfile;
}

const FRESH_MS = 5 * 60_000;

export function createOwnProfile(
  name: string,
  keys: MessageKeys,
  profileOf: (name: string) => Promise<ProfileOutcome>,
  nowMs: () => number,
): OwnProfile {
  let kept: { readonly profile: FoundProfile; readonly untilMs: number } | null = null;
  let asking: Promise<FoundProfile> | null = null;

  async function ask(): Promise<FoundProfile> {
    const outcome = await profileOf(name);
    if (outcome.status === "absent") {
      throw new SignpostError(
        "NOT_FOUND",
        `${name} has no DM3 profile yet, so nobody can write to it. Publish one first.`,
        { name },
      );
    }
    if (outcome.status !== "found") {
      throw new SignpostError("UNREACHABLE", outcome.sentence, { reason: outcome.sentence });
    }
    const { publicEncryptionKey, publicSigningKey } = outcome.profile;
    const isOwn =
      publicEncryptionKey === encodeBase64(keys.encryptionKey.publicKey) &&
      publicSigningKey === encodeBase64(keys.signingKey.publicKey);
    if (!isOwn) {
      throw new SignpostError(
        "OTHER_KEYS",
        `The profile of ${name} shows other keys than this messenger has, so it could read nothing. Open the profile's keys, or publish a profile with these.`,
        { name },
      );
    }
    // a relay node that could not be found now is looked for again soon
    const isWhole = outcome.relayNodes.every(({ status }) => status === "found");
    kept = { profile: outcome, untilMs: nowMs() + (isWhole ? FRESH_MS : 0) };
    return outcome;
  }

  return {
    async now() {
      if (kept !== null && nowMs() < kept.untilMs) return kept.profile;
      asking ??= ask().finally(() => (asking = null));
      return asking;
    },
    seen() {
      if (kept !== null) return kept.profile;
      const reason = `the profile of ${name} was not looked up yet`;
      throw new SignpostError("UNREACHABLE", `Try again: ${reason}.`, { reason });
    },
  };
}
