/** What this installation publishes below a domain, for commands that look at it from outside. */
import type { PublishedNames } from "../../chain/hiddenNames.js";
import { namespacesIn } from "../../db/aliasRow.js";
import { nameStore } from "../../db/nameStore.js";
import { recordSource } from "../../db/recordSource.js";
import { isSignpostError } from "../../errors.js";
import { withInstallationPool } from "../../installation/installationPool.js";
import { nameBehind } from "../../registry/domains/aliasDomain.js";
import type { NameStore } from "../../registry/store.js";

/** So many are looked at; what the service looks at in the background has no such bound. */
const MOST_NAMES = 1000;
const PAGE = 500;

/** Those of an alias are its domain's, spelled below the alias. Only reads, also from a database of another version. */
export async function publishedNames(domain: string): Promise<PublishedNames> {
  try {
    return await withInstallationPool(async (pool) => {
      const served = await recordSource(pool).servedResolvers();
      const stored = nameBehind(domain, await namespacesIn(pool));
      if (!served.some((row) => row.domain === stored)) return { kind: "not-served" };
      const { names, areAll } = await firstNames(nameStore(pool), stored);
      const spelled = names.map((name) => name.slice(0, name.length - stored.length) + domain);
      return { kind: "names", names: spelled, areAll };
    });
  } catch (error) {
    if (!isSignpostError(error) || error.code === "INTERNAL") throw error;
    if (error.code === "INVALID_CONFIGURATION") return { kind: "not-served" };
    return { kind: "unknown", reason: error.message };
  }
}

async function firstNames(store: NameStore, domain: string) {
  const names: string[] = [];
  let after: string | null = "";
  while (after !== null && names.length < MOST_NAMES) {
    const page = await store.namesOfDomain(domain, { prefix: "", after, limit: PAGE });
    names.push(...page.items.map(({ name }) => name));
    after = page.next;
  }
  return { names, areAll: after === null };
}
