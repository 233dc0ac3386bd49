/** What another installation says of a name, after it was verified: what import and mirror apply. */
import type { Digest } from "../../abi/digest.js";
import type { Node } from "../../ens/namehash.js";
import type { NormalName } from "../../ens/normalize.js";
import type { HistoryEnd } from "../../registry/history/historyChain.js";
import type { SealedEntry } from "../../registry/history/historyEntry.js";
import type { SignatureState } from "../../registry/names/signatureState.js";
import type { ServedProfile } from "../../registry/names/standing.js";
import type { StoredName } from "../../registry/names/storedName.js";

export interface NameArrival {
  readonly name: NormalName;
  readonly node: Node;
  /** The name as its history leaves it; null: it is gone. */
  readonly state: StoredName | null;
  readonly signatureState: SignatureState;
  /** The whole history, from its first entry on; none of a name that is older than histories. */
  readonly entries: readonly SealedEntry[];
  /** Where it ends; null without entries. */
  readonly end: HistoryEnd | null;
  /** Numbers of the entries that a contract wallet signed, which only its chain can verify. */
  readonly ofContracts: readonly number[];
  readonly marks: NameMarks;
}

/** What outlives a name beside its history. */
export interface NameMarks {
  /** Fingerprints of the profiles that must not come back. */
  readonly retired: readonly Digest[];
  /** The last profile that was served from the service's own data. */
  readonly served: ServedProfile | null;
  /** Those that were served from there before. */
  readonly servedBefore: readonly Digest[];
}

/** Why a name is not taken. */
export interface Refused {
  readonly name: string;
  readonly reason: string;
}

export function isRefused(result: object): result is Refused {
  return "reason" in result;
}
