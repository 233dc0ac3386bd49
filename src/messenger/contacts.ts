/** Who is behind names, asked of ENS at most once a minute for each; where that failed, after half a minute. */
import type { Contact } from "../dm3/message/decodeMessage.js";
import { isSameName } from "../dm3/message/messageNames.js";
import { resolvableName } from "../ens/resolvableName.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { ProfileOutcome } from "../lookup/outcome.js";

export interface Contacts {
  /**
   * Null for a name that nobody has, or that has no profile.
   * @throws UNREACHABLE while it cannot be found out, or what is shown fails a check
   */
  readonly contactOf: (name: string) => Promise<Contact | null>;
  /** Whether two names are of one person: of one address. */
  isSamePerson(one: string, other: string): Promise<boolean>;
}

const FRESH_MS = 60_000;
/** What cannot be found out is slow: a sender's messages wait for it once, and not each. */
const FAILED_MS = 30_000;
const MOST_NAMES = 1_000;

/** @param failedMs for how long it is remembered that a name could not be looked up */
export function createContacts(
  profileOf: (name: string) => Promise<ProfileOutcome>,
  nowMs: () => number,
  failedMs = FAILED_MS,
): Contacts {
  const kept = new Map<string, { readonly contact: Promise<Contact | null>; untilMs: number }>();

  async function ask(name: string): Promise<Contact | null> {
    const outcome = await profileOf(name);
    if (outcome.status === "found") return outcome;
    if (outcome.status === "absent") return null;
    throw new SignpostError("UNREACHABLE", outcome.sentence, { reason: outcome.sentence });
  }

  function contactOf(text: string): Promise<Contact | null> {
    const name = nameOf(text);
    if (name === null) return Promise.resolve(null);
    const before = kept.get(name);
    if (before !== undefined && nowMs() < before.untilMs) return before.contact;
    const contact = ask(name);
    const asked = { contact, untilMs: nowMs() + FRESH_MS };
    kept.delete(name);
    kept.set(name, asked);
    contact.catch(() => (asked.untilMs = nowMs() + failedMs));
    const [oldest] = kept.keys();
    if (kept.size > MOST_NAMES && oldest !== undefined) kept.delete(oldest);
    return contact;
  }

  return {
    contactOf,
    async isSamePerson(one, other) {
      if (isSameName(one, other)) return true;
      const [first, second] = await Promise.all([contactOf(one), contactOf(other)]);
      const address = first?.address?.toLowerCase();
      return address !== undefined && address === second?.address?.toLowerCase();
    },
  };
}

/** Null for what ENS could not have. */
function nameOf(text: string): string | null {
  try {
    return resolvableName(text.toLowerCase()).name;
  } catch (error) {
    if (isSignpostError(error)) return null;
    throw error;
  }
}
