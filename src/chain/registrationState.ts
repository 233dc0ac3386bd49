/** What a registration means for the names below it. */
import { DAY_SEC, dayOf, GRACE_SEC, SOON_SEC } from "./chainTime.js";
import type { Registration } from "./registration.js";

export interface RegistrationState {
  /** "lost": anybody can register the name, or somebody else decides over it. */
  readonly kind: "good" | "endangered" | "lost";
  /** What is the case. */
  readonly seen: string;
  /** What to do; null where nothing has to be done. */
  readonly advice: string | null;
}

export function registrationState(registration: Registration): RegistrationState {
  const { name, expirySec, nowSec, registrant, owner, wrapped } = registration;
  const until = dayOf(expirySec);
  if (nowSec > expirySec + GRACE_SEC) {
    return {
      kind: "lost",
      seen: `the registration of ${name} ended on ${until}, and its grace period too: anybody can register it`,
      advice: `Register ${name} again. Its resolver stays ours in ENS until the next owner changes it.`,
    };
  }
  if (nowSec >= expirySec) {
    return endangered(
      `the registration of ${name} ended on ${until}; its grace period lasts until ${dayOf(expirySec + GRACE_SEC)}`,
      `Renew ${name} now; anybody can pay for it.`,
    );
  }
  if (wrapped !== null && wrapped.expirySec < expirySec + GRACE_SEC) {
    return endangered(
      `${name} is registered until ${until}, but its NameWrapper knows of ${dayOf(wrapped.expirySec)} only: it was renewed past the wrapper`,
      `Have the wrapper's controller renew ${name} by 0 seconds, which costs nothing and which anybody can do.`,
    );
  }
  if (wrapped === null && registrant !== null && registrant !== owner) {
    return endangered(
      `${name} is registered until ${until} by ${registrant}, but ${owner ?? "nobody"} owns it in the registry: it was sold or moved, and the registrant can take it back at any time`,
      `${registrant} should call reclaim of the .eth registrar first.`,
    );
  }
  if (expirySec - nowSec < SOON_SEC) {
    return endangered(
      `the registration of ${name} ends in ${((expirySec - nowSec) / DAY_SEC).toString()} days, on ${until}`,
      `Renew ${name}; anybody can pay for it.`,
    );
  }
  return { kind: "good", seen: `${name} is registered until ${until}`, advice: null };
}

function endangered(seen: string, advice: string): RegistrationState {
  return { kind: "endangered", seen, advice };
}
