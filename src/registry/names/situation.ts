/** A name that is to be changed, and all that the rules look at. */
import type { Node } from "../../ens/namehash.js";
import type { NormalName } from "../../ens/normalize.js";
import type { Domain } from "../domains/domain.js";
import type { Reservation } from "../domains/reservation.js";
import type { SignatureState } from "./signatureState.js";
import type { StoredName } from "./storedName.js";
import type { Twins } from "./twins.js";

export interface Situation extends SignatureState {
  readonly node: Node;
  readonly name: NormalName;
  readonly domain: Domain;
  readonly current: StoredName | null;
  /** Whether the name was ever there. */
  readonly hasHistory: boolean;
  /** Whether the offered profile was replaced or deleted before. */
  readonly isRetired: boolean;
  /** How many names the claimant has under the domain, without the one that is made of its address. */
  readonly claimantNames: number;
  readonly reservation: Reservation | null;
  readonly twins: Twins;
  readonly nowMs: number;
}

/** What an action depends on once it is allowed. */
export interface EffectSituation extends Pick<
  Situation,
  "node" | "current" | "isRetired" | "nowMs"
> {
  /** Of a history, which may be a stranger's: not known to be a normal name. */
  readonly name: string;
  readonly domain: Pick<Domain, "name">;
}
