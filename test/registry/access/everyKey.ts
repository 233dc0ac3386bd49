import type { ApiKey } from "../../../src/registry/domains/apiKey.js";
import type { DomainStore } from "../../../src/registry/store.js";

/** The API keys of a domain, the oldest first, sessions and those that work no more among them. */
export async function everyKey(
  domains: Pick<DomainStore, "apiKeyPage">,
  domain: string,
): Promise<readonly ApiKey[]> {
  const found: ApiKey[] = [];
  for (let after: string | null = null; ;) {
    const { items, next }: Awaited<ReturnType<DomainStore["apiKeyPage"]>> =
      await domains.apiKeyPage(domain, after, 100);
    found.push(...items);
    if (next === null) return found.reverse();
    after = next;
  }
}
