/** What a registration means for the names below it. */
import { parentName } from "../ens/hierarchy.js";
import { DAY_SEC, dayOf, GRACE_SEC, SOON_SEC } from "./chainTime.js";
import type { Registration } from "./registration.js";
import type { RegistrationInV2 } from "./registrationInV2.js";

export interface RegistrationState {
  /** "lost": anybody can register the name, or somebody else decides over it. */
  readonly kind: "good" | "endangered" | "lost";
  /** What is the case. */
  readonly seen: string;
  /** What to do; null where nothing has to be done. */
  readonly advice: string | null;
}

/** ENSv2's, in which a .eth name does not resolve any more. */
const GRACE_IN_V2_SEC = 28n * DAY_SEC;

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
  if (expirySec - nowSec < SOON_SEC) return endsSoon({ name, expirySec, nowSec });
  return { kind: "good", seen: `${name} is registered until ${until}`, advice: null };
}

/** An expired name of ENSv2 ends at once, and everything below it. */
export function registrationStateInV2(registration: RegistrationInV2): RegistrationState {
  const { name, expirySec, nowSec } = registration;
  const until = dayOf(expirySec);
  if (nowSec >= expirySec) {
    return {
      kind: "lost",
      seen: `${name} expired in ENSv2 on ${until}, which ended it and every name below it at once`,
      advice: renewalInV2(registration),
    };
  }
  if (expirySec - nowSec < SOON_SEC) {
    const { seen, advice } = endsSoon(registration);
    return endangered(`${seen}; in ENSv2 every name below it ends then, without grace`, advice);
  }
  return { kind: "good", seen: `${name} is registered in ENSv2 until ${until}`, advice: null };
}

function renewalInV2({ name, expirySec, nowSec }: RegistrationInV2): string {
  const parent = parentName(name);
  if (parent !== "eth") return `Have the owner of ${parent ?? name} register ${name} again.`;
  const graceEndsSec = expirySec + GRACE_IN_V2_SEC;
  return nowSec < graceEndsSec
    ? `Renew ${name} in the ENS app now: that is possible until ${dayOf(graceEndsSec)}, then anybody can register it.`
    : `Register ${name} again in the ENS app: its 28 days of grace are over, and anybody can.`;
}

function endsSoon({ name, expirySec, nowSec }: RegistrationInV2) {
  return endangered(
    `the registration of ${name} ends in ${((expirySec - nowSec) / DAY_SEC).toString()} days, on ${dayOf(expirySec)}`,
    `Renew ${name}; anybody can pay for it.`,
  );
}

function endangered(seen: string, advice: string) {
  return { kind: "endangered" as const, seen, advice };
}
