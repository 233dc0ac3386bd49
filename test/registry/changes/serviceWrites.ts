/** What a service writes, one kind at a time, by the one way in which names change. */
import type { Address } from "../../../src/ens/address.js";
import type { Outcome } from "../../../src/registry/changes/change.js";
import { changeName } from "../../../src/registry/changes/changeName.js";
import type { Action } from "../../../src/registry/names/action.js";
import {
  earlierRecordsAction,
  profileAction,
  relayNodeAction,
} from "../../../src/registry/names/verifiedActions.js";
import type { RegistryStores } from "../../../src/registry/store.js";
import type { OwnRecords } from "../../../src/wire/ownRecords.js";

const KEY_ID = "1";

export function writeAsService(
  stores: RegistryStores,
  domain: string,
  name: string,
  actions: readonly Action[],
): Promise<Outcome> {
  const authority = { kind: "service", keyId: KEY_ID } as const;
  return changeName(stores, { domain, name, actions, authority }, Date.now);
}

export type PublicationOutcome = "created" | "replaced" | "unchanged";

export async function publishProfile(
  stores: RegistryStores,
  publication: { domain: string; name: string; address: Address; signedUserProfile: unknown },
): Promise<PublicationOutcome> {
  const { domain, name, address, signedUserProfile } = publication;
  const action = profileAction(address, signedUserProfile);
  const outcome = await writeAsService(stores, domain, name, [action]);
  if (!outcome.isChanged) return "unchanged";
  return outcome.before?.profileFingerprint ? "replaced" : "created";
}

export async function deleteProfile(stores: RegistryStores, domain: string, name: string) {
  await writeAsService(stores, domain, name, [{ kind: "deleteProfile" }]);
}

export async function setRecords(
  stores: RegistryStores,
  { domain, name, records }: { domain: string; name: string; records: OwnRecords },
) {
  await writeAsService(stores, domain, name, [earlierRecordsAction(records)]);
}

export async function registerRelayNode(
  stores: RegistryStores,
  { domain, name, profile }: { domain: string; name: string; profile: unknown },
) {
  await writeAsService(stores, domain, name, [relayNodeAction(name, profile)]);
}

export async function removeRelayNode(stores: RegistryStores, domain: string, name: string) {
  await writeAsService(stores, domain, name, [{ kind: "removeRelayNode" }]);
}
