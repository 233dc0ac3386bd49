/** What the operator has to publish in ENS, so that senders find the relay node. */
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import {
  DM3_DELIVERY_SERVICE_KEY,
  encodeDeliveryServiceRecord,
} from "../../dm3/profile/profileRecord.js";
import { isSignpostError } from "../../errors.js";
import type { Findings } from "../../service/capability.js";
import type { RelayConfig } from "./settings.js";

/** @param listensAt where the service listens, for as long as no public URL is told */
export function publishedRecord(
  { ensName, url, basePath }: Pick<RelayConfig, "ensName" | "url" | "basePath">,
  publicKeys: Omit<DeliveryServiceProfile, "url">,
  listensAt: string,
): Findings {
  const name = ensName ?? "(RELAY_ENS_NAME)";
  return {
    lines: [
      `  relay node ${name} at ${url ?? `${listensAt}${basePath}`}`,
      `    text record ${DM3_DELIVERY_SERVICE_KEY}: ${recordText({ ...publicKeys, url: url ?? "" })}`,
    ],
    warnings: [],
  };
}

/** A URL of this machine is no record that others could use; the keys are told all the same. */
export function recordText(profile: DeliveryServiceProfile): string {
  try {
    return encodeDeliveryServiceRecord(profile);
  } catch (error) {
    if (!isSignpostError(error, "INVALID_PROFILE")) throw error;
    return `set RELAY_URL first; publicEncryptionKey ${profile.publicEncryptionKey}, publicSigningKey ${profile.publicSigningKey}`;
  }
}
