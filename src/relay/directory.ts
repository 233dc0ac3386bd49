/** Who somebody is by ENS: the port of the relay node, and its memory. */
import type { UserProfile } from "../dm3/profile/profile.js";
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";

export interface Person {
  /** Null where the name leads to none. */
  readonly address: Address | null;
  /** Signed by the wallet at `address`; null where there is none, or none that can be trusted. */
  readonly profile: UserProfile | null;
  /** For people: what was found and, without a profile, what is wrong. */
  readonly sentence: string;
}

export interface Directory {
  /** What ENS says now. Throws UNREACHABLE where that cannot be found out. */
  personOf(name: NormalName): Promise<Person>;
}

export interface RememberingDirectory {
  /** As ENS said a minute ago, or later. Throws UNREACHABLE. */
  personOf(name: NormalName): Promise<Person>;
  /** As ENS says now; for whoever asks again and again, as it said a second ago. Throws UNREACHABLE. */
  personNow(name: NormalName): Promise<Person>;
  /** As ENS says after this call: for what may have been published a moment ago. Throws UNREACHABLE. */
  personAnew(name: NormalName): Promise<Person>;
}

export interface RememberingOptions {
  /** A clock, in milliseconds. */
  readonly nowMs: () => number;
  /** Beyond it the one that was read longest ago is forgotten. */
  readonly mostNames?: number;
}

const LONGEST_MS = 60_000;
const NOW_MS = 1_000;

interface Reading {
  readonly person: Promise<Person>;
  readonly sinceMs: number;
}

/** Reads a name once for all who ask for it at the same time. What could not be found out is not kept. */
export function rememberingDirectory(
  directory: Directory,
  { nowMs, mostNames = 50_000 }: RememberingOptions,
): RememberingDirectory {
  const readings = new Map<string, Reading>();

  function read(name: NormalName): Promise<Person> {
    const reading = { person: directory.personOf(name), sinceMs: nowMs() };
    readings.delete(name);
    readings.set(name, reading);
    const [oldest] = readings.keys();
    if (readings.size > mostNames && oldest !== undefined) readings.delete(oldest);
    reading.person.catch(() => {
      if (readings.get(name) === reading) readings.delete(name);
    });
    return reading.person;
  }

  function notOlderThan(longestMs: number, name: NormalName): Promise<Person> {
    const known = readings.get(name);
    const ageMs = known === undefined ? Infinity : nowMs() - known.sinceMs;
    // below zero when the clock was set back: then the age is not known
    return known !== undefined && ageMs >= 0 && ageMs < longestMs ? known.person : read(name);
  }

  return {
    personOf: (name) => notOlderThan(LONGEST_MS, name),
    personNow: (name) => notOlderThan(NOW_MS, name),
    personAnew: read,
  };
}
