/** `signpost domain`: which domains this installation serves, for which resolvers. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { toHex } from "../abi/hex.js";
import { readConfig } from "../config.js";
import { attachDatabase } from "../database.js";
import { domainStore } from "../db/domainStore.js";
import { migrate } from "../db/migrate.js";
import { openPool } from "../db/pool.js";
import { recordSource } from "../db/recordSource.js";
import { parseAddress } from "../ens/address.js";
import { normalizeName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { addDomain, apiKeyFrom, replaceApiKey } from "../registry/domains.js";
import { jsonText } from "./jsonText.js";
import type { DomainStore, RecordSource, ServedResolver } from "../registry/store.js";

interface ServedFlags {
  readonly chain: string;
  readonly resolver: string;
  readonly json?: true;
}

export function domainCommand(program: Command): void {
  const domain = program.command("domain").description("the domains that this installation serves");

  domain
    .command("add")
    .description("serve a domain; prints its API key, once")
    .argument("<name>", "the ENS name whose resolver is ours, e.g. users.example.eth")
    .requiredOption("--chain <id>", "chain id of the resolver, e.g. 1")
    .requiredOption("--resolver <address>", "address of the OffchainResolver")
    .option("--json", "print JSON")
    .action(async (name: string, flags: ServedFlags) => {
      const served = servedResolver(name, flags);
      const apiKey = apiKeyFrom(randomBytes(32));
      await withDatabase(({ domains }) => addDomain(domains, served, apiKey));
      const path = gatewayPathOf(served);
      print(flags, { domain: served.domain, apiKey, gatewayPath: path }, [
        `${served.domain} is served.`,
        `  API key       ${apiKey}`,
        "                (shown this once: store it where your service keeps its secrets)",
        `  gateway URLs  https://<your host>${path}          (POST, first)`,
        `                https://<your host>${path}/{data}   (GET, second)`,
      ]);
    });

  domain
    .command("connect")
    .description("let one more resolver answer for a domain that is served already")
    .argument("<name>", "the domain")
    .requiredOption("--chain <id>", "chain id of the resolver, e.g. 1")
    .requiredOption("--resolver <address>", "address of the OffchainResolver")
    .option("--json", "print JSON")
    .action(async (name: string, flags: ServedFlags) => {
      const served = servedResolver(name, flags);
      await withDatabase(({ domains }) => domains.connectResolver(served));
      const gatewayPath = gatewayPathOf(served);
      print(flags, { domain: served.domain, gatewayPath }, [
        `${served.domain} is served under ${gatewayPath} as well.`,
      ]);
    });

  domain
    .command("replace-key")
    .description("make a new API key for a domain; the old one stops working at once")
    .argument("<name>", "the domain")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { json?: true }) => {
      const normal = normalizeName(name);
      const apiKey = apiKeyFrom(randomBytes(32));
      await withDatabase(({ domains }) => replaceApiKey(domains, normal, apiKey));
      print(flags, { domain: normal, apiKey }, [
        `New API key of ${normal}, shown this once: ${apiKey}`,
      ]);
    });

  domain
    .command("list")
    .description("list the domains and the resolvers that answer for them")
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const served = await withDatabase(({ records }) => records.servedResolvers());
      const rows = served.map(({ domain: name, chainId, resolver }) => ({
        domain: name,
        chainId: chainId.toString(),
        resolver: toHex(resolver),
      }));
      const lines = rows.map(
        (row) => `${row.domain}  chain ${row.chainId}  resolver ${row.resolver}`,
      );
      print(
        flags,
        rows,
        lines.length > 0 ? lines : ["No domain yet: see `signpost domain add --help`."],
      );
    });
}

/** Runs `work` on this installation's database, brought up to date. */
async function withDatabase<T>(
  work: (stores: { domains: DomainStore; records: RecordSource }) => Promise<T>,
): Promise<T> {
  const database = await attachDatabase(readConfig(process.env));
  // for the person; a program reads standard output
  console.error(`signpost: working on ${database.description}`);
  const pool = openPool({ url: database.url });
  try {
    await migrate(pool);
    return await work({ domains: domainStore(pool), records: recordSource(pool) });
  } finally {
    await pool.end();
    await database.stop();
  }
}

function servedResolver(name: string, flags: ServedFlags): ServedResolver {
  return {
    domain: normalizeName(name),
    chainId: parseChainId(flags.chain),
    resolver: parseAddress(flags.resolver),
  };
}

function gatewayPathOf({ chainId, resolver }: ServedResolver): string {
  return `/ccip/${chainId.toString()}/${toHex(resolver)}`;
}

function print(flags: { readonly json?: true }, facts: unknown, lines: readonly string[]): void {
  console.log(flags.json ? jsonText(facts) : lines.join("\n"));
}

function parseChainId(text: string): bigint {
  if (/^[1-9][0-9]{0,18}$/.test(text)) return BigInt(text);
  throw new SignpostError(
    "INVALID_REQUEST",
    `--chain takes a decimal chain id, such as 1; got ${text}.`,
  );
}
