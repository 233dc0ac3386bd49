/** The messaging gateways and bridges of all domains here, for everybody. */
import { z } from "zod";
import { parseNetworkRecord } from "../../dm3/statement/networkRecord.js";
import type { ListedNetwork } from "../../registry/store.js";
import { nameText } from "../../wire/domainInput.js";
import { type NetworkAnswer, networksPageSchema } from "../../wire/networks.js";
import { type Cursor, sendPage } from "./boundedPage.js";
import { DATABASE_REFUSALS } from "./refusals.js";
import { open } from "./route.js";

const MOST_NETWORKS = 100;
const LONGEST_HOST = 253;

const networksQuery = z.strictObject({
  /** The domain of the network's people, in any case. */
  nativeDomain: z.string().min(1).max(LONGEST_HOST).toLowerCase().optional(),
  after: nameText.default(""),
  limit: z.coerce.number().int().min(1).max(MOST_NETWORKS).default(MOST_NETWORKS),
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
        const { items, next } = await registry.names.networks({ ...cursor, nativeDomain });
        return {
          items: items.map((one) => ({ after: one.name, describe: () => describeNetwork(one) })),
          next,
        };
      };
      await sendPage(response, "networks", query, read, shares.pause);
    },
  }),
];

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
