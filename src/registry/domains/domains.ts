/** Domains: an ENS name owned by one service, the resolvers that answer for it, and who may publish under it. */
import { encodeDnsName } from "../../ens/dnsName.js";
import { assertNormalized } from "../../ens/normalize.js";
import type { DomainStore, ServedResolver } from "../store.js";
import { newApiKey } from "./apiKeys.js";

export { apiKeyFrom } from "./apiKeys.js";

/** What wallets may do by themselves. The service always may, where no owner holds the name. */
export interface DomainPolicy {
  /** Who takes free labels: the service for its users, or any wallet that comes first. */
  readonly claims: "service" | "wallets";
  /** A wallet may take the label that is its own address: `0x<40 lower-case digits>.<domain>`. */
  readonly addressNames: boolean;
  /** A wallet may take more than one name, beside the one that is made of its address. */
  readonly aliases: boolean;
  /** Labels that no wallet takes. */
  readonly reservedLabels: readonly string[];
}

/** What a domain begins with. */
export const FIRST_POLICY: DomainPolicy = {
  claims: "service",
  addressNames: false,
  aliases: true,
  reservedLabels: [],
};

/** A name that no wallet may take, or only one. */
export interface Reservation {
  readonly domain: string;
  /** Full name, in ENSIP-15 normal form. */
  readonly name: string;
  /** The wallet (20 bytes) that it is kept for; null: nobody. */
  readonly wallet: Uint8Array | null;
  /** Unix time in milliseconds from which it does not count any more; null: never. */
  readonly untilMs: number | null;
}

export function isInForce({ untilMs }: Reservation, nowMs: number): boolean {
  return untilMs === null || nowMs < untilMs;
}

/**
 * Creates a domain that `resolver` answers for, with a first API key that may do everything. The key is shown once,
 * by the caller; only its hash is kept. Throws INVALID_NAME, and NAME_TAKEN when the domain exists.
 */
export async function addDomain(
  store: DomainStore,
  served: ServedResolver,
  apiKey: string,
): Promise<void> {
  assertNormalized(served.domain);
  encodeDnsName(served.domain);
  await store.addDomain(served, newApiKey(apiKey));
}

/** Revokes every API key of the domain, at once, and makes this one, which may do everything. Throws NOT_FOUND. */
export async function replaceApiKey(
  store: DomainStore,
  domain: string,
  apiKey: string,
): Promise<void> {
  await store.replaceApiKeys(domain, newApiKey(apiKey, { label: "replacement" }));
}
