/** Why a row of a service's own data is answered like an absent one: a closed list, with a sentence for the service. */

export type ProblemKind =
  /** Two rows or more are the same name. */
  | "twins"
  | "tooLarge"
  | "malformed"
  /** The wallet is no address, or not the one that the label is made of. */
  | "wallet"
  /** The profile is none, or was not signed by the wallet. */
  | "profile"
  /** A text, an address of another coin or the content hash cannot be used. */
  | "records"
  /** The profile was replaced or deleted before. */
  | "earlierProfile"
  /** The wallet gave the name up by a signature. */
  | "givenUp"
  /** A scan found a label that is no ENS name. */
  | "label";

export interface SourceProblem {
  readonly kind: ProblemKind;
  /** For people; never longer than `LONGEST_DETAIL`. */
  readonly detail: string;
}

/** In characters. */
const LONGEST_DETAIL = 500;

export function sourceProblem(kind: ProblemKind, detail: string): SourceProblem {
  return { kind, detail: detail.slice(0, LONGEST_DETAIL) };
}
