/** A name under a domain, as it is stored, as readers see it and as lookups are answered from it. */
import type { Digest } from "../../abi/digest.js";
import type { Node } from "../../ens/namehash.js";
import { type NameRecords, NO_RECORDS } from "../../ens/records.js";

/** Why a name is answered like an absent one. */
export interface Suspension {
  readonly by: "service" | "admin";
  readonly reason: string;
  /** Unix time in milliseconds. */
  readonly atMs: number;
}

/** A name under a domain, with everything it answers with. */
export interface StoredName extends NameRecords {
  /** namehash of `name`. */
  readonly node: Node;
  /** Full ENS name in ENSIP-15 normal form. */
  readonly name: string;
  /** The domain that it lies under. */
  readonly domain: string;
  /** `profileFingerprint` of the published profile, or null when there is none. */
  readonly profileFingerprint: Digest | null;
  /** Whether its owner, the wallet at addr(60), has signed for it: the service cannot change it any more. */
  readonly held: boolean;
  readonly suspension: Suspension | null;
}

/** A name without any record yet. */
export function emptyName(node: Node, name: string, domain: string): StoredName {
  return {
    ...NO_RECORDS,
    node,
    name,
    domain,
    profileFingerprint: null,
    held: false,
    suspension: null,
  };
}

/** A name as readers see it. */
export interface VersionedName extends StoredName {
  /** A number that only this content of this name ever has. */
  readonly version: bigint;
  /** The last sequence that an owner's signature used; 0 when none did. */
  readonly sequence: number;
}

/** What a name answers with, and the version of it: while that is the same, so are the records. */
export interface ServedName {
  readonly records: NameRecords;
  /** A number in decimal that no other state of any name ever has. */
  readonly version: string;
}
