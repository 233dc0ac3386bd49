/** That a name is this relay node's, by its own key. */
import { type ProfileKeys, publicKeyFields } from "../../dm3/keys/keys.js";
import { parseDeliveryServiceProfile } from "../../dm3/profile/profile.js";
import { type ProvenProfile, provenProfile } from "../../dm3/statement/nodeProof.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import type { RelayConfig } from "./settings.js";

export interface ProofWish {
  /** Null: the one of the settings. */
  readonly name: string | null;
  /** The wallet that owns the name, 0x hex; null for a name that is its service's own. */
  readonly owner: string | null;
  readonly listed: boolean;
  /** Whether the service that watches it has an account there. */
  readonly canary: boolean;
}

/** Throws INVALID_CONFIGURATION where settings are missing that the proof is about, INVALID_NAME. */
export function proveRelay(
  keys: ProfileKeys,
  { ensName, url }: Pick<RelayConfig, "ensName" | "url">,
  { name: given, owner, listed, canary }: ProofWish,
): ProvenProfile {
  const name = given ?? ensName;
  if (name === null || url === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The relay node does not know its name or URL yet. Set RELAY_ENS_NAME and RELAY_URL.",
    );
  }
  return provenProfile(keys.signingKeyPair.privateKey, {
    name: resolvableName(name).name,
    owner: owner === null ? null : checksumAddress(parseAddress(owner)),
    profile: parseDeliveryServiceProfile({ ...publicKeyFields(keys), url }),
    ...{ listed, canary },
    signedAtSec: Math.floor(Date.now() / 1000),
  });
}
