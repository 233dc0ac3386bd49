/** Relay nodes that are registered here: for everybody who looks for one that works, and all of a domain for itself. */
import { namehash } from "../../ens/namehash.js";
import { assertNormalName } from "../../ens/normalName.js";
import { SignpostError } from "../../errors.js";
import { listedNodesPageSchema, shownNodeSchema } from "../../wire/relayNodes.js";
import { relayNodesQuery } from "../../wire/relayNodesQuery.js";
import { nameParameter } from "./nameParameter.js";
import { DATABASE_REFUSALS } from "./refusals.js";
import { keyed, open } from "./route.js";

/** A state changes every few minutes. */
const CACHE_CONTROL = "public, max-age=15";

export const nodeRoutes = [
  open({
    method: "get",
    path: "/nodes",
    scope: null,
    summary: "The relay nodes that are proven and whose operators want them to be listed, in pages",
    query: relayNodesQuery,
    answers: { 200: listedNodesPageSchema },
    refusals: DATABASE_REFUSALS,
    run: async ({ nodes, query, response }) => {
      const { items, next } = await nodes.listed(query.after, query.limit);
      response.set("cache-control", CACHE_CONTROL).json({ nodes: items, next });
    },
  }),
  keyed({
    method: "get",
    path: "/domain/nodes",
    scope: "names:read",
    summary:
      "The relay nodes that are registered under the domain, proven or not, listed or not, in pages",
    query: relayNodesQuery,
    answers: { 200: listedNodesPageSchema },
    refusals: [],
    run: async ({ nodes, key, query, response }) => {
      const { items, next } = await nodes.ofDomain(key.domain, query.after, query.limit);
      response.json({ nodes: items, next });
    },
  }),
  open({
    method: "get",
    path: "/nodes/:name",
    scope: null,
    summary: "A relay node that is registered here: its state, and what it was before",
    answers: { 200: shownNodeSchema },
    refusals: [...DATABASE_REFUSALS, "INVALID_NAME", "NOT_FOUND"],
    run: async ({ nodes, request, response }) => {
      const name = nameParameter(request);
      assertNormalName(name);
      const shown = await nodes.named(namehash(name));
      if (shown === null) {
        throw new SignpostError("NOT_FOUND", `No relay node is registered here as ${name}.`, {
          name,
        });
      }
      response.set("cache-control", CACHE_CONTROL).json(shown);
    },
  }),
];
