/** `signpost domain`: which domains this installation serves, for which resolvers. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { toHex } from "../../../abi/hex.js";
import { checksumAddress } from "../../../ens/address.js";
import { normalizeName } from "../../../ens/normalize.js";
import { addDomain, replaceApiKey } from "../../../registry/access/addDomain.js";
import { handOverAsAdmin } from "../../../registry/changes/handOverName.js";
import { apiKeyFrom } from "../../../registry/domains/apiKey.js";
import type { ServedResolver } from "../../../registry/domains/domain.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { aliasCommands } from "./domainAlias.js";
import { feedCommand } from "./domainFeed.js";
import { freezeCommands } from "./domainFreeze.js";
import { policyCommand } from "./domainPolicy.js";
import { removalCommands } from "./domainRemoval.js";
import { suspensionCommands } from "./domainSuspension.js";
import { twinsCommand } from "./domainTwins.js";
import { belowAsJson, belowAsLines } from "./handedOver.js";
import { lookIntoInstallation, withInstallation } from "./installation.js";
import { NEW_OPTION, type NewFlag, whereNoneBy } from "./newInstallation.js";
import { type ServedFlags, servedResolver, withResolverOptions } from "./servedResolver.js";

export function domainCommand(program: Command): void {
  const domain = program.command("domain").description("the domains that this installation serves");

  withResolverOptions(
    domain
      .command("add")
      .description(
        "serve a domain; prints its API key, once. Below a domain that is served, names that are there are its own at once",
      )
      .argument("<name>", "the ENS name whose resolver is ours, e.g. users.example.eth"),
  )
    .option(...NEW_OPTION)
    .action(async (name: string, flags: ServedFlags & NewFlag) => {
      const served = servedResolver(name, flags);
      const apiKey = apiKeyFrom(randomBytes(32));
      // the first domain may be added before the first start
      const handedOver = await withInstallation(
        ({ domains }) => addDomain(domains, served, apiKey, handOverAsAdmin(Date.now)),
        whereNoneBy(flags),
      );
      const { other: above } = handedOver;
      const path = gatewayPathOf(served);
      const facts = { domain: served.domain, apiKey, gatewayPath: path, above };
      print(flags, { ...facts, below: belowAsJson(handedOver) }, [
        `${served.domain} is served.`,
        ...(above === null
          ? []
          : [`  it lies under ${above}, whose keys do not reach its names any more`]),
        ...belowAsLines(handedOver, served.domain),
        `  API key       ${apiKey}`,
        "                (shown this once: store it where your service keeps its secrets)",
        `  gateway URLs  https://<your host>${path}          (POST, first)`,
        `                https://<your host>${path}/{data}   (GET, second)`,
      ]);
    });

  withResolverOptions(
    domain
      .command("connect")
      .description("let one more resolver answer for a domain that is served already")
      .argument("<name>", "the domain"),
  ).action(async (name: string, flags: ServedFlags) => {
    const served = servedResolver(name, flags);
    await withInstallation(({ domains }) => domains.connectResolver(served));
    const gatewayPath = gatewayPathOf(served);
    print(flags, { domain: served.domain, gatewayPath }, [
      `${served.domain} is served under ${gatewayPath} as well.`,
    ]);
  });

  domain
    .command("take-over")
    .description(
      "let names below a domain that say another one say this one, as builds before this left them",
    )
    .argument("<name>", "the domain")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { json?: true }) => {
      const normal = normalizeName(name);
      const handedOver = await withInstallation(({ domains }) =>
        domains.takeOver(normal, handOverAsAdmin(Date.now)),
      );
      const lines = belowAsLines(handedOver, normal);
      const nothing = [`Everything that ${normal} holds says so already.`];
      print(
        flags,
        { domain: normal, below: belowAsJson(handedOver) },
        lines.length > 0 ? [normal, ...lines] : nothing,
      );
    });

  domain
    .command("replace-key")
    .description("make a new API key for a domain; all its old ones stop working at once")
    .argument("<name>", "the domain")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { json?: true }) => {
      const normal = normalizeName(name);
      const apiKey = apiKeyFrom(randomBytes(32));
      await withInstallation(({ domains }) => replaceApiKey(domains, normal, apiKey));
      print(flags, { domain: normal, apiKey }, [
        `New API key of ${normal}, shown this once: ${apiKey}`,
      ]);
    });

  policyCommand(domain);
  aliasCommands(domain);
  suspensionCommands(domain);
  freezeCommands(domain);
  feedCommand(domain);
  removalCommands(domain);
  twinsCommand(domain);

  domain
    .command("list")
    .description("list the domains and the resolvers that answer for them")
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const served = await lookIntoInstallation(({ records }) => records.servedResolvers());
      const rows = served.map(({ domain: name, chainId, resolver }) => ({
        domain: name,
        chainId: chainId.toString(),
        resolver: checksumAddress(resolver),
      }));
      const lines = table(
        rows.map((row) => [row.domain, row.chainId, row.resolver]),
        ["DOMAIN", "CHAIN", "RESOLVER"],
      );
      print(
        flags,
        rows,
        rows.length > 0 ? lines : ["No domain yet: see `signpost domain add --help`."],
      );
    });
}

function gatewayPathOf({ chainId, resolver }: ServedResolver): string {
  return `/ccip/${chainId.toString()}/${toHex(resolver)}`;
}
