/** What our own tables say of a name before a service's own data is asked about it. */
import type { Digest } from "../../abi/digest.js";
import type { Hex } from "../../abi/hex.js";
import type { ServedName } from "./storedName.js";

/** A profile that was served from a service's own data. */
export interface ServedProfile {
  /** `rowDigest` of the row that it stood in, which was verified then. */
  readonly digest: Digest;
  /** `profileFingerprint`. */
  readonly fingerprint: Digest;
}

export interface Standing {
  /** Our own row of the name; what is suspended is answered like an absent name. */
  readonly own: "suspended" | ServedName | null;
  /** Wallets that gave the name up by a signature: what they signed before does not bring it back to them. */
  readonly givenUpBy: readonly Hex[];
  /** The last profile that was served from a service's own data under this name. */
  readonly last: ServedProfile | null;
  /** Whether that must not be served any more. */
  readonly isLastRetired: boolean;
  /** Whether a scan found several rows that are this name. */
  readonly hasTwins: boolean;
}
