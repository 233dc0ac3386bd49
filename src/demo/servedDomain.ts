/** Further domains that the demo's service serves, and relay nodes below its own. */
import { randomBytes } from "node:crypto";
import { parseAddress } from "../ens/address.js";
import { addDomain } from "../registry/access/addDomain.js";
import { apiKeyFrom } from "../registry/domains/apiKey.js";
import { askJson } from "./askJson.js";
import type { DemoWorld } from "./demoWorld.js";
import type { NetworkNode } from "./networkNode.js";

/** Returns an API key of the domain. */
export async function serveDomain(
  { chain, ens, service, resolver }: DemoWorld,
  domain: string,
): Promise<string> {
  await ens.setResolver(domain, resolver);
  const apiKey = apiKeyFrom(randomBytes(32));
  await addDomain(
    service.domains,
    { domain, chainId: chain.chainId, resolver: parseAddress(resolver) },
    apiKey,
  );
  return apiKey;
}

export async function publishRelayNode(
  { service, apiKey }: DemoWorld,
  { name, record }: Pick<NetworkNode, "name" | "record">,
): Promise<void> {
  await askJson(`${service.url}/v1/relay-nodes/${name}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: (await record()).replace("data:application/json,", ""),
  });
}
