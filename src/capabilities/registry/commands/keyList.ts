/** `signpost key list`: the keys and sessions of a domain, a page at a time. */
import type { Command } from "commander";
import { normalizeName } from "../../../ens/normalize.js";
import type { ApiKey } from "../../../registry/domains/apiKey.js";
import { noSuchDomain } from "../../../registry/domains/noSuchDomain.js";
import type { DomainStore, Page } from "../../../registry/store.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation } from "./installation.js";
import { wholeNumber } from "./wholeNumber.js";

/** A domain may have a hundred thousand sessions of the last months. */
const MOST = 1000;
const USUAL = 100;

const HEAD = ["ID", "LABEL", "MAY DO", "LIMITS", "STATE"];

interface Flags {
  readonly after?: string;
  readonly limit: string;
  readonly json?: true;
}

export function listCommand(key: Command): void {
  key
    .command("list")
    .description(
      "list the keys of a domain, the newest first; the keys themselves are stored nowhere",
    )
    .argument("<domain>", "the domain")
    .option("--after <id>", "only those that were made before the key with this number")
    .option("--limit <n>", `at most so many, up to ${MOST}`, String(USUAL))
    .option("--json", "print JSON")
    .action(async (name: string, flags: Flags) => {
      const domain = normalizeName(name);
      const limit = wholeNumber("--limit", flags.limit, MOST);
      const after = flags.after === undefined ? null : String(wholeNumber("--after", flags.after));
      const { items, next } = await lookIntoInstallation(({ domains }) =>
        pageOf(domains, domain, after, limit),
      );
      const lines = items.length === 0 ? ["No further keys."] : table(items.map(rowOf), HEAD);
      print(flags, items.map(describe), lines);
      if (next !== null) {
        console.error(`signpost: there are more; --after ${next} lists those before key ${next}`);
      }
    });
}

/** Throws NOT_FOUND without the domain: each began with a key. */
async function pageOf(
  domains: Pick<DomainStore, "apiKeyPage">,
  domain: string,
  after: string | null,
  limit: number,
): Promise<Page<ApiKey>> {
  const page = await domains.apiKeyPage(domain, after, limit);
  if (page.items.length > 0) return page;
  const newest = after === null ? page : await domains.apiKeyPage(domain, null, 1);
  if (newest.items.length === 0) throw noSuchDomain(domain);
  return page;
}

function describe({ id, label, scopes, limits, ...times }: ApiKey) {
  return {
    id,
    label,
    scopes,
    limits,
    createdAt: isoOf(times.createdMs),
    lastUsedAt: isoOf(times.lastUsedMs),
    revokedAt: isoOf(times.revokedMs),
    /** Of a session. */
    expiresAt: isoOf(times.expiresMs),
  };
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function rowOf(key: ApiKey): readonly string[] {
  const { id, label, scopes, limits, lastUsedAt, revokedAt, expiresAt } = describe(key);
  const used = `last used ${lastUsedAt ?? "never"}`;
  const isOver = key.expiresMs !== null && key.expiresMs <= Date.now();
  const working = expiresAt === null ? used : `${used}, ${isOver ? "ended" : "ends"} ${expiresAt}`;
  const state = revokedAt === null ? working : `revoked ${revokedAt}`;
  return [id, label, scopes.join(","), limitsText(limits), state];
}

export function limitsText({ changesPerMinute, changesPerDay }: ApiKey["limits"]): string {
  return `${changesPerMinute} changes a minute, ${changesPerDay} a day`;
}
