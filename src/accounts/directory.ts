/** Who somebody is by ENS: the port of the relay node, and its memory. */
import type { UserProfile } from "../dm3/profile/profile.js";
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import { readings } from "./readings.js";

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

/**
 * Takes one of the questions that somebody may have us ask in vain. Throws LIMIT_EXCEEDED where none is left. What it returns
 * gives it back, once ENS has answered, whatever it said.
 */
export type TakeQuestion = () => () => void;

export interface RememberingDirectory {
  /** As ENS said a minute ago, or later. Throws UNREACHABLE. */
  personOf(name: NormalName): Promise<Person>;
  /** As ENS says now; for whoever asks again and again, as it said a second ago. Throws UNREACHABLE. */
  personNow(name: NormalName): Promise<Person>;
  /** As ENS says after this call: for what may have been published a moment ago. Throws UNREACHABLE. */
  personAnew(name: NormalName): Promise<Person>;
  /** The same with the same memory, for somebody whose questions are counted. Its methods also throw LIMIT_EXCEEDED. */
  askedBy(take: TakeQuestion): RememberingDirectory;
}

export interface RememberingOptions {
  /** A clock, in milliseconds. */
  readonly nowMs: () => number;
  /** Beyond it the one that was read longest ago is forgotten. */
  readonly mostNames?: number;
}

const LONGEST_MS = 60_000;
const NOW_MS = 1_000;

/** Reads a name once for all who ask for it at the same time. What could not be found out is not kept. */
export function rememberingDirectory(
  directory: Directory,
  { nowMs, mostNames = 50_000 }: RememberingOptions,
): RememberingDirectory {
  const persons = readings((name: NormalName) => directory.personOf(name), {
    nowMs,
    most: mostNames,
  });
  const askedBy = (take: TakeQuestion): RememberingDirectory => ({
    personOf: async (name) => persons.notOlderThan(LONGEST_MS, name, take),
    personNow: async (name) => persons.notOlderThan(NOW_MS, name, take),
    personAnew: async (name) => persons.anew(name, take),
    askedBy,
  });
  return askedBy(uncounted);
}

const uncounted: TakeQuestion = () => () => undefined;
