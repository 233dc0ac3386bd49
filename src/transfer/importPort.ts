/** What an import asks of a database beside the registry's own questions. `src/db/transfer` answers with Postgres. */
import type { Digest } from "../abi/digest.js";
import type { Hex } from "../abi/hex.js";
import type { Node } from "../ens/namehash.js";
import type { NormalName } from "../ens/normalize.js";
import type { NameArrival } from "./verify/nameArrival.js";

/** A verified name, ready to be written where nothing of it is here. What `rows` are, the database knows. */
export interface PackedName {
  readonly name: NormalName;
  readonly node: Node;
  readonly isGone: boolean;
  readonly entries: number;
  readonly ofContracts: readonly number[];
  /** `sharedDm3Form`, of a name that has one. */
  readonly sharedForm: string | null;
  readonly rows: PackedRows;
}

/** Lines for COPY; empty where there is none. */
interface PackedRows {
  readonly name: string;
  readonly head: string;
  readonly history: string;
  readonly marks: Pick<NameArrival, "marks">["marks"];
}

/** How far an import has come. */
export interface ImportProgress {
  /** Of the export, as its end line says. */
  readonly sha256: Digest;
  readonly byteOffset: number;
  readonly line: number;
  readonly outcomes: unknown;
}

export interface ImportStore {
  /** Whether names or reservations at or below `domain` are of another domain, which lies above it. */
  takesFromAnother(domain: string): Promise<boolean>;
  /**
   * Writes those of which nothing is here and that nothing here is against, in one transaction, and says which. The
   * others have to be decided one by one, under their locks.
   * @param dryRun writes nothing
   * @param progressWith asked with what it says, before it ends: progress that is true with those names, or null. It is
   *   kept with them or not at all
   */
  addNew(
    domain: string,
    names: readonly PackedName[],
    dryRun: boolean,
    progressWith: (added: readonly boolean[]) => ImportProgress | null,
  ): Promise<readonly boolean[]>;
  /** Hashes of entries that are here, by node; each node once. */
  hashesAt(
    entries: readonly { readonly node: Node; readonly number: number }[],
  ): Promise<ReadonlyMap<Hex, Digest>>;
  /**
   * Adds marks of names that are here now; there are only ever more of them. Says the nodes for which one was new.
   * @param dryRun writes nothing
   */
  addMarks(
    arrivals: readonly Pick<NameArrival, "name" | "node" | "marks">[],
    dryRun: boolean,
  ): Promise<ReadonlySet<Hex>>;
  progressOf(domain: string): Promise<ImportProgress | null>;
  /** Null: there is nothing to go on with. */
  noteProgress(domain: string, progress: ImportProgress | null): Promise<void>;
}
