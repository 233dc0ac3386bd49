/** What every view is given. */
import type { Client } from "../../sdk/index.js";
import type { Place } from "./place.js";
import type { SignedIn } from "./signedIn.js";

export interface Scene<P extends Place = Place> {
  readonly place: P;
  readonly client: Client;
  readonly signedIn: SignedIn;
  /** Ends with the view: what is read for it is of no use to the next one. */
  readonly signal: AbortSignal;
  /** For those who do not see the page; read out when it is convenient. */
  readonly announce: (sentence: string) => void;
  /** The key or session does not count any more. */
  readonly signedOut: () => void;
  /** Reads and shows the view again, with a sentence above it. */
  readonly showAgain: (notice: string) => void;
}
