/** Domains: an ENS name owned by one service, the resolvers that answer for it, and its API key. */
import { sha256 } from "@noble/hashes/sha2.js";
import { encodeDnsName } from "../ens/dnsName.js";
import { assertNormalized } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import type { Domain, DomainStore, ServedResolver } from "./store.js";

/** So that a leaked key is recognised by people and by scanners. */
const API_KEY_PREFIX = "signpost_";
const API_KEY_FORM = /^signpost_[A-Za-z0-9_-]{43}$/;

/** 32 random bytes, handed in, as the API key that the service keeps. */
export function apiKeyFrom(random: Uint8Array): string {
  if (random.length !== 32)
    throw new SignpostError("INTERNAL", "An API key takes 32 random bytes.");
  const base64 = btoa(String.fromCharCode(...random));
  return API_KEY_PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * What is stored of an API key. One round of SHA-256 is enough for 256 random bits: there is nothing to guess.
 * Finding a key by its hash compares nothing of the key itself, so it leaks nothing by its duration either.
 */
function hashApiKey(apiKey: string): Uint8Array {
  return sha256(new TextEncoder().encode(apiKey));
}

/**
 * Creates a domain that `resolver` answers for. The API key is shown once, by the caller; only its hash is
 * kept. Throws INVALID_NAME, and NAME_TAKEN when the domain exists.
 */
export async function addDomain(
  store: DomainStore,
  served: ServedResolver,
  apiKey: string,
): Promise<void> {
  assertNormalized(served.domain);
  encodeDnsName(served.domain);
  await store.addDomain(served, hashApiKey(apiKey));
}

/** Replaces the domain's API key; the old one stops working at once. Throws NOT_FOUND. */
export async function replaceApiKey(
  store: DomainStore,
  domain: string,
  apiKey: string,
): Promise<void> {
  await store.setApiKeyHash(domain, hashApiKey(apiKey));
}

/** The domain that an API key opens. Throws UNAUTHORIZED for a key that opens none. */
export async function domainOfApiKey(store: DomainStore, apiKey: string): Promise<Domain> {
  const domain = API_KEY_FORM.test(apiKey) ? await store.domainOfApiKey(hashApiKey(apiKey)) : null;
  if (!domain) {
    throw new SignpostError(
      "UNAUTHORIZED",
      "The API key is unknown; send the one that was shown when the domain was added, as `Authorization: Bearer <key>`.",
    );
  }
  return domain;
}
