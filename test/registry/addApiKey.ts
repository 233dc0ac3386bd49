/** One more API key of a domain, with some scopes. */
import { newApiKey, type Scope } from "../../src/registry/domains/apiKey.js";
import type { DomainStore } from "../../src/registry/store.js";

export function addApiKeyWith(
  domains: DomainStore,
  domain: string,
  apiKey: string,
  scopes: readonly Scope[],
): Promise<string> {
  return domains.addApiKey(domain, newApiKey(apiKey, { scopes, label: "some" }));
}
