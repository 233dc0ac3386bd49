/** The SDK under Node: the same functions, with a fetcher that checks addresses after DNS by default. */
import type { CertificateScheme } from "../dm3/statement/certificate.js";
import type { Fetcher } from "../fetch/fetcher.js";
import type { UrlGuardOptions } from "../fetch/urlGuard.js";
import type {
  CertificateOutcome,
  KnownRelayNodeOutcome,
  NetworkOutcome,
} from "../lookup/networkOutcome.js";
import type { ProfileOutcome } from "../lookup/outcome.js";
import { resolveCertificate as resolveCertificateAnywhere } from "../lookup/resolveCertificate.js";
import { resolveNetwork as resolveNetworkAnywhere } from "../lookup/resolveNetwork.js";
import { assertOptions, type ResolveOptions } from "../lookup/resolveOptions.js";
import { resolveProfile as resolveProfileAnywhere } from "../lookup/resolveProfile.js";
import { resolveProfiles as resolveProfilesAnywhere } from "../lookup/resolveProfiles.js";
import { resolveRelayNode as resolveRelayNodeAnywhere } from "../lookup/resolveRelayNode.js";
import {
  type NameAsked,
  nativeAddressOf as nativeAddressOfAnywhere,
} from "../messaging/nativeAddressOf.js";
import type { AddressOutcome, NativeOutcome } from "../messaging/nativeOutcome.js";
import {
  type NativeAddressAsked,
  resolveNativeAddress as resolveNativeAddressAnywhere,
} from "../messaging/resolveNativeAddress.js";
import { createGuardedFetcher as createFetcher } from "../net/guardedFetch.js";

export * from "./surface.js";

/**
 * A fetcher that checks addresses after DNS, at the moment of connecting. Its type names nothing of undici's, whose
 * declarations need those of Node.
 */
export const createGuardedFetcher: (options?: UrlGuardOptions) => Fetcher = createFetcher;

// one of each, so that connections are reused between lookups
const guardedFetcher = createGuardedFetcher();
const loopbackFetcher = createGuardedFetcher({ allowLoopback: true });

function withGuardedFetcher(options: ResolveOptions): ResolveOptions {
  assertOptions(options);
  const fetcher = options.allowLoopback === true ? loopbackFetcher : guardedFetcher;
  return { ...options, fetcher: options.fetcher ?? fetcher };
}

/**
 * Finds and verifies the DM3 profile of a name, and looks up its relay nodes. Gateways and links, which strangers choose,
 * are reached by a fetcher that refuses private addresses after DNS.
 *
 * Throws INVALID_NAME for a name without ENSIP-15 normal form, INVALID_REQUEST for wrong options; everything
 * else is an outcome.
 */
export async function resolveProfile(
  name: string,
  options: ResolveOptions,
): Promise<ProfileOutcome> {
  return resolveProfileAnywhere(name, withGuardedFetcher(options));
}

/**
 * `resolveProfile` for several names at once; outcomes in their order. Throws INVALID_NAME when one has no ENSIP-15
 * normal form, before anybody is asked; otherwise like `resolveProfile`.
 */
export async function resolveProfiles(
  names: readonly string[],
  options: ResolveOptions,
): Promise<readonly ProfileOutcome[]> {
  return resolveProfilesAnywhere(names, withGuardedFetcher(options));
}

/**
 * Finds the profile of a relay node by its ENS name, whether its own key says that it is behind the name, and whether it is one of a
 * messaging gateway or a bridge. Throws like `resolveProfile`.
 */
export async function resolveRelayNode(
  name: string,
  options: ResolveOptions,
): Promise<KnownRelayNodeOutcome> {
  return resolveRelayNodeAnywhere(name, withGuardedFetcher(options));
}

/**
 * Finds and verifies what a messaging gateway or a bridge says of itself, and its relay nodes: it is found when one of them at least
 * is the one that signed. Throws like `resolveProfile`.
 */
export async function resolveNetwork(
  name: string,
  options: ResolveOptions,
): Promise<NetworkOutcome> {
  return resolveNetworkAnywhere(name, withGuardedFetcher(options));
}

/**
 * Finds a user's certificate for another network's own encryption, signed by the key of the user's verified profile. Throws like
 * `resolveProfile`, and INVALID_REQUEST for a scheme that there is not.
 */
export async function resolveCertificate(
  name: string,
  scheme: CertificateScheme,
  options: ResolveOptions,
): Promise<CertificateOutcome> {
  return resolveCertificateAnywhere(name, scheme, withGuardedFetcher(options));
}

/**
 * The way to somebody in a connected network: ENS name, verified profile, the relay nodes to send to in their order, and the forms in
 * which the network's clients read. Throws like `resolveProfile`, and INVALID_REQUEST for an address that is none.
 */
export async function resolveNativeAddress(
  asked: NativeAddressAsked,
  options: ResolveOptions,
): Promise<NativeOutcome> {
  return resolveNativeAddressAnywhere(asked, withGuardedFetcher(options));
}

/** What a name is called in a connected network. Throws like `resolveProfile`. */
export async function nativeAddressOf(
  asked: NameAsked,
  options: ResolveOptions,
): Promise<AddressOutcome> {
  return nativeAddressOfAnywhere(asked, withGuardedFetcher(options));
}
