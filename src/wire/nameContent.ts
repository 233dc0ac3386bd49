/** A name as whoever writes it gives it: any of its parts at once. */
import type { DeliveryServiceProfile, SignedUserProfile } from "../dm3/profile/profile.js";
import type { OwnRecords } from "./ownRecords.js";

export interface NameContent {
  /** With signedUserProfile: the wallet that signed it. */
  readonly address?: string | undefined;
  readonly signedUserProfile?: SignedUserProfile;
  readonly records?: OwnRecords | undefined;
  readonly relayNode?: DeliveryServiceProfile;
}

/** A profile with the wallet (0x hex) that signed it. */
export interface Publication {
  readonly address: string;
  readonly signedUserProfile: SignedUserProfile;
}
