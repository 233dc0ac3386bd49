/** The relay nodes that are registered at a service, for everybody: no API key is needed. */
import { resolvableName } from "../ens/resolvableName.js";
import {
  type ListedNode,
  listedNodesPageSchema,
  shownNodeSchema,
  type ShownRelayNode,
} from "../wire/relayNodes.js";
import { assertKnownOptions, type ConnectionOptions } from "./clientOptions.js";
import { connect } from "./connection.js";
import { itemsOfPages } from "./pages.js";

export interface ListedNodes {
  /** Those whose operators want it, in the order of their names; pages are read as the loop goes on. */
  list(): AsyncGenerator<ListedNode, void, undefined>;
  /** Any registered one, with its history; null where the name is none's. */
  get(name: string): Promise<ShownRelayNode | null>;
}

/** Throws INVALID_REQUEST for options that make no sense; its calls throw as those of `Client`. */
export function listedNodesAt(options: ConnectionOptions): ListedNodes {
  assertKnownOptions(options, ["url", "timeoutMs"]);
  const connection = connect(options, null);
  return {
    list: () =>
      itemsOfPages<ListedNode, string>(undefined, async (after) => {
        const answer = await connection.send({ method: "GET", path: ["nodes"], query: { after } });
        const { nodes, next } = answer.as(listedNodesPageSchema);
        return { items: nodes, next };
      }),
    get: async (given) => {
      const { name } = resolvableName(given);
      const answer = await connection.sendAbout(name, { method: "GET", path: ["nodes", name] });
      return answer && answer.as(shownNodeSchema);
    },
  };
}
