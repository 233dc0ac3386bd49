/** Messaging gateways and bridges: of all domains here for everybody, and of one for itself. */
import { z } from "zod";
import { parseNetworkRecord } from "../../dm3/statement/networkRecord.js";
import type { ListedNetwork, Page } from "../../registry/store.js";
import { nameText } from "../../wire/domainInput.js";
import { type NetworkAnswer, networksPageSchema } from "../../wire/networks.js";
import { type Cursor, sendPage } from "./boundedPage.js";
import { DATABASE_REFUSALS } from "./refusals.js";
import { keyed, open } from "./route.js";

const MOST_NETWORKS = 100;
const LONGEST_HOST = 253;

const ownNetworksQuery = z.strictObject({
  after: nameText.default(""),
  limit: z.coerce.number().int().min(1).max(MOST_NETWORKS).default(MOST_NETWORKS),
});

const networksQuery = ownNetworksQuery.extend({
  /** The domain of the network's people, in any case. */
  nativeDomain: z.string().min(1).max(LONGEST_HOST).toLowerCase().optional(),
});

export const networkRoutes = [
  open({
    method: "get",
    path: "/networks",
    scope: null,
    summary:
      "The messaging gateways and bridges that are registered here, in pages: all, or those of a native domain",
    query: networksQuery,
    sendsPage: true,
    answers: { 200: networksPageSchema },
    refusals: DATABASE_REFUSALS,
    run: async ({ registry, shares, query, response }) => {
      const { nativeDomain = null } = query;
      const read = async (cursor: Cursor<string>) => {
        return described(await registry.names.networks({ ...cursor, nativeDomain }));
      };
      await sendPage(response, "networks", query, read, shares.pause);
    },
  }),
  keyed({
    method: "get",
    path: "/domain/networks",
    scope: "names:read",
    summary: "The messaging gateways and bridges that are registered under the domain, in pages",
    query: ownNetworksQuery,
    sendsPage: true,
    answers: { 200: networksPageSchema },
    refusals: [],
    run: async ({ registry: { names }, shares, key, query, response }) => {
      const read = async (cursor: Cursor<string>) =>
        described(await names.networksOfDomain(key.domain, cursor));
      await sendPage(response, "networks", query, read, shares.pause);
    },
  }),
];

function described({ items, next }: Page<ListedNetwork>) {
  const listed = items.map((one) => ({ after: one.name, describe: () => describeNetwork(one) }));
  return { items: listed, next };
}

/** The record was verified when it was written. Whoever relies on it verifies it again, through ENS. */
function describeNetwork({ name, domain, record }: ListedNetwork): NetworkAnswer {
  const parsed = parseNetworkRecord(JSON.parse(record));
  const { kind, network, names, nativeDomain, virtualDomain, directions, signedAtSec } = parsed;
  return {
    ...{ name, domain, kind, network, names, nativeDomain, virtualDomain, directions },
    codecs: [...parsed.codecs],
    relayNodes: parsed.relayNodes.map((node) => node.name),
    signedAtSec,
  };
}
