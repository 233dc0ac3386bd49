/** The messaging gateways and bridges that are registered at a service. Anybody may ask for them. */
import { type NetworkAnswer, networksPageSchema } from "../wire/networks.js";
import { assertKnownOptions, type CallOptions, type ConnectionOptions } from "./clientOptions.js";
import { connect, type Connection } from "./connection.js";
import { type Listing, listing } from "./pages.js";

/** A hundred with sixteen relay nodes each have less. */
const LARGEST_PAGE_BYTES = 4 * 1024 * 1024;

export interface OwnNetworksOptions extends CallOptions {
  /** Behind this name, to go on where a listing was left. */
  readonly after?: string;
  /** How many one request brings; at most 100, and 100 unless given. */
  readonly pageSize?: number;
}

export interface NetworkListOptions extends OwnNetworksOptions {
  /** Only those whose people have addresses of this domain. */
  readonly nativeDomain?: string;
}

export function networksAt(
  connection: Connection,
  { nativeDomain, ...options }: NetworkListOptions = {},
): Listing<NetworkAnswer, string> {
  return pagesAt(connection, ["networks"], options, { nativeDomain });
}

/** Those of the domain of the connection's key. */
export function ownNetworksAt(
  connection: Connection,
  options: OwnNetworksOptions = {},
): Listing<NetworkAnswer, string> {
  return pagesAt(connection, ["domain", "networks"], options, {});
}

function pagesAt(
  connection: Connection,
  path: readonly string[],
  { after: first, pageSize, ...options }: OwnNetworksOptions,
  query: { readonly nativeDomain?: string | undefined },
): Listing<NetworkAnswer, string> {
  return listing(first, async (after) => {
    const answer = await connection.send({
      ...{ method: "GET", path, options },
      query: { ...query, after, limit: pageSize },
      maxBytes: LARGEST_PAGE_BYTES,
    });
    const { networks, next } = answer.as(networksPageSchema);
    return { items: networks, next };
  });
}

/**
 *   for await (const { name, kind } of listNetworks({ url: "https://signpost.example.com" })) console.log(name, kind);
 *
 * In the order of their names; pages are read as the loop goes on. What a service lists is its word alone: `resolveNetwork` verifies
 * one. Throws INVALID_REQUEST for options that make no sense, UNREACHABLE, and what the service refuses.
 */
export function listNetworks(
  service: ConnectionOptions,
  options: NetworkListOptions = {},
): Listing<NetworkAnswer, string> {
  assertKnownOptions(service, ["url", "timeoutMs"]);
  return networksAt(connect(service, null), options);
}
