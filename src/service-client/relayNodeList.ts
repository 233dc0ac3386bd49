/** The relay nodes that are registered at a service, for everybody: no API key is needed. */
import { resolvableName } from "../ens/resolvableName.js";
import {
  type ListedNode,
  listedNodesPageSchema,
  shownNodeSchema,
  type ShownRelayNode,
} from "../wire/relayNodes.js";
import type { CallOptions, ConnectionOptions } from "./clientOptions.js";
import { connect, type Connection } from "./connection.js";
import { type Listing, listing } from "./pages.js";

export interface RelayNodeListOptions extends CallOptions {
  /** Behind this name, to go on where a listing was left. */
  readonly after?: string;
  /** How many one request brings; at most 100, and 100 unless given. */
  readonly pageSize?: number;
}

export interface RelayNodeList {
  /** Those whose operators want it, in the order of their names; pages are read as the loop goes on. */
  list(options?: RelayNodeListOptions): Listing<ListedNode, string>;
  /** Any registered one, with its history; null where the name is none's. */
  get(name: string, options?: CallOptions): Promise<ShownRelayNode | null>;
}

/** Throws INVALID_REQUEST for options that make no sense; its calls throw as those of `Client`. */
export function relayNodeListAt(options: ConnectionOptions): RelayNodeList {
  return relayNodeListOf(connect(options, null));
}

export function relayNodeListOf(connection: Connection): RelayNodeList {
  return {
    list: (options) => nodesAt(connection, ["nodes"], options),
    get: async (given, options) => {
      const { name } = resolvableName(given);
      const path = ["nodes", name];
      const answer = await connection.sendAbout(name, { method: "GET", path, options });
      return answer && answer.as(shownNodeSchema);
    },
  };
}

/** Those of the domain of the connection's key. */
export function ownRelayNodesAt(
  connection: Connection,
  options?: RelayNodeListOptions,
): Listing<ListedNode, string> {
  return nodesAt(connection, ["domain", "nodes"], options);
}

function nodesAt(
  connection: Connection,
  path: readonly string[],
  { after: first, pageSize, ...options }: RelayNodeListOptions = {},
): Listing<ListedNode, string> {
  return listing(first, async (after) => {
    const query = { after, limit: pageSize };
    const answer = await connection.send({ method: "GET", path, query, options });
    const { nodes, next } = answer.as(listedNodesPageSchema);
    return { items: nodes, next };
  });
}
