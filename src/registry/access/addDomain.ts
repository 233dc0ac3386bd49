/** How a service gets in: its domain with a first API key, and a new key when the old ones are not safe any more. */
import { assertNormalName } from "../../ens/normalName.js";
import { newApiKey } from "../domains/apiKey.js";
import type { ServedResolver } from "../domains/domain.js";
import type { HandedOver } from "../domains/handOver.js";
import type { HandOverName } from "../history/lockedName.js";
import type { DomainStore } from "../store.js";

/**
 * Creates a domain that `resolver` answers for, with a first API key that may do everything. The key is shown once,
 * by the caller; only its hash is kept. Throws INVALID_NAME, NAME_TAKEN when the domain exists, and INVALID_REQUEST where
 * names lie below and it is not told how those are handed over.
 */
export async function addDomain(
  store: DomainStore,
  served: ServedResolver,
  apiKey: string,
  handOver?: HandOverName,
): Promise<HandedOver> {
  assertNormalName(served.domain);
  return store.addDomain(served, newApiKey(apiKey), handOver);
}

/** Revokes every API key of the domain, at once, and makes this one, which may do everything. Throws NOT_FOUND. */
export async function replaceApiKey(
  store: DomainStore,
  domain: string,
  apiKey: string,
): Promise<void> {
  await store.replaceApiKeys(domain, newApiKey(apiKey, { label: "replacement" }));
}
