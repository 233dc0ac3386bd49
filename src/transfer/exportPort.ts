/** What an export asks of a database, all of one moment. `src/db/transfer` answers with Postgres. */
import type { Node } from "../ens/namehash.js";
import type { Reservation } from "../registry/domains/reservation.js";
import type { SealedEntry } from "../registry/history/historyEntry.js";
import type { DomainFacts, NameFacts } from "./form/writeLine.js";

/** A name, and behind it its entries if they are asked for. */
export type ExportItem =
  | { readonly kind: "name"; readonly facts: NameFacts }
  | { readonly kind: "entry"; readonly sealed: SealedEntry };

/** The same as it stands in the export. */
export interface ExportedLine {
  readonly kind: ExportItem["kind"];
  readonly text: string;
}

export interface ExportSnapshot {
  readonly facts: DomainFacts;
  /** How many names the domain has that are there: for a progress line. */
  readonly names: number;
  /**
   * Nodes of any domain with marks, of which nothing says the name: deleted before there were histories, or served from a
   * source that was never scanned. They are in no export.
   */
  readonly unnamed: number;
  /** By the bytes of the names, behind `after`; null: from the first. One at a time. */
  items(after: string | null, withEntries: boolean): AsyncIterable<ExportItem>;
  /** All of them with their entries, as `textOf` writes them; some hundred at a time. */
  texts(after: string | null): AsyncIterable<readonly ExportedLine[]>;
}

/** The same in pieces, each of another moment, for those who follow a domain. */
export interface ExportReader {
  /** Of those nodes that are names of the domain, or were; in any order. */
  names(domain: string, nodes: readonly Node[]): Promise<readonly NamedFacts[]>;
  /** Of each its entries behind number `after` up to `upTo`, at most so many; in the order in which they are asked for. */
  entries(
    asked: readonly AskedEntries[],
    limit: number,
  ): Promise<readonly (readonly SealedEntry[])[]>;
  /** Names of the domain that are gone, by their nodes; `next` is null at the end. */
  gone(
    domain: string,
    after: Node | null,
  ): Promise<{ readonly nodes: readonly Node[]; readonly next: Node | null }>;
  /** Without its reservations, of which only a digest is told. Throws NOT_FOUND without the domain. */
  domain(domain: string): Promise<{
    readonly facts: Omit<DomainFacts, "reservations">;
    readonly reservations: string;
  }>;
  reservations(
    domain: string,
    after: string,
  ): Promise<{ readonly items: readonly Reservation[]; readonly next: string | null }>;
}

interface AskedEntries {
  readonly node: Node;
  readonly after: number;
  readonly upTo: number;
}

export interface NamedFacts {
  readonly node: Node;
  readonly facts: NameFacts;
}
