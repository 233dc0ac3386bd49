/** A name as whoever writes it gives it: any of its parts at once. */
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import type { ProvenProfile } from "../dm3/statement/nodeProof.js";
import type { OwnRecords } from "./ownRecords.js";

export interface NameContent {
  /** With signedUserProfile: the wallet that signed it. */
  readonly address?: string | undefined;
  readonly signedUserProfile?: SignedUserProfile;
  readonly records?: OwnRecords | undefined;
  readonly relayNode?: ProvenProfile;
}

/** A profile with the wallet (0x hex) that signed it. */
export interface Publication {
  readonly address: string;
  readonly signedUserProfile: SignedUserProfile;
}
