/** One change of one name, as somebody asks for it, and what came of it. */
import type { Action } from "../names/action.js";
import type { Authority } from "../names/authority.js";
import type { StoredName } from "../names/storedName.js";
import type { Expectation } from "./expectation.js";

export interface Change {
  /** The domain in whose right the writer acts. */
  readonly domain: string;
  /** As it was given: whether it is a normal name, `nameUnderDomain` finds out. */
  readonly name: string;
  /** One after the other; all or none. */
  readonly actions: readonly Action[];
  readonly authority: Authority;
  readonly expected?: Expectation;
}

export interface Outcome {
  readonly before: StoredName | null;
  readonly after: StoredName | null;
  /** Whether anything became different. */
  readonly isChanged: boolean;
  /** Of what is there afterwards; null when nothing is. */
  readonly version: bigint | null;
}
