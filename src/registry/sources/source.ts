/** The port to a service's own data behind a domain: one row for a label, as the service has it. Nothing of it was verified. */
import type { SignpostError } from "../../errors.js";

/** What a service says of one label, as text: null, and a key that is missing, mean that it has no such record. */
export interface SourceRow {
  /** An Ethereum address, 0x and 40 digits. */
  readonly wallet: string | null;
  /** A SignedUserProfile in JSON, or the text of `network.dm3.profile` that holds one. */
  readonly profile: string | null;
  /** Text records by key. */
  readonly texts: ReadonlyMap<string, string>;
  /** Addresses of other coins by coin type in decimal (ENSIP-9): their bytes in 0x hex. */
  readonly addresses: ReadonlyMap<string, string>;
  /** ENSIP-7, in 0x hex. */
  readonly contenthash: string | null;
}

/** Why a label that the source knows has no row that could be used. */
export type UnusableRow =
  /** Two rows or more say that label: none wins. */
  | "ambiguous"
  /** Longer than `LONGEST_ROW_BYTES`; it was not transferred. */
  | "tooLarge"
  /** Not in the form that was agreed on. */
  | "malformed";

/** Of all values of one row together, in bytes of UTF-8. */
export const LONGEST_ROW_BYTES = 16 * 1024;

/** Of one question. */
export const MOST_LABELS = 64;

/** A service's own data behind a domain. */
export interface RowSource {
  /**
   * The rows of some labels, all different and `MOST_LABELS` at most, each in ENSIP-15 normal form. A label that is not in the map: the
   * source said that it has no such row. An error: it could not find out about this label alone.
   * @throws SOURCE_UNAVAILABLE when it could not find out, within a time of its own
   */
  rowsOf(
    labels: readonly string[],
  ): Promise<ReadonlyMap<string, SourceRow | UnusableRow | SignpostError>>;
  /** Lets go of its connections; what is under way fails. */
  close(): Promise<void>;
}

/** A label as the source spells it. */
export interface ListedLabel {
  readonly label: string;
  /** Whether it stands in several rows. */
  readonly isRepeated: boolean;
}

/** A source that can also tell which labels it has. */
export interface ListedSource extends RowSource {
  /**
   * In an order of the source's own, behind `after` (null: from the first); fewer than `limit`: the last ones. Without labels of more
   * than `LONGEST_LABEL_BYTES`, which are no names.
   * @throws SOURCE_UNAVAILABLE
   */
  labelsAfter(after: string | null, limit: number): Promise<readonly ListedLabel[]>;
}

/** In UTF-8. */
export const LONGEST_LABEL_BYTES = 255;
