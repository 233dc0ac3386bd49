/** `signpost domain disconnect` and `remove`: taking back what was added by mistake, or is not served any more. */
import type { Command } from "commander";
import { toHex } from "../../../abi/hex.js";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import { handOverAsAdmin } from "../../../registry/changes/handOverName.js";
import { print } from "../../../terminal/print.js";
import { belowAsJson, belowAsLines } from "./handedOver.js";
import { withInstallation } from "./installation.js";
import { type ServedFlags, servedResolver, withResolverOptions } from "./servedResolver.js";

export function removalCommands(domain: Command): void {
  withResolverOptions(
    domain
      .command("disconnect")
      .description("let a resolver answer for a domain no more; the domain and its names stay")
      .argument("<name>", "the domain"),
  ).action(async (name: string, flags: ServedFlags) => {
    const served = servedResolver(name, flags);
    const resolver = toHex(served.resolver);
    const facts = { domain: served.domain, chainId: served.chainId.toString(), resolver };
    if (!(await withInstallation(({ domains }) => domains.disconnectResolver(served)))) {
      throw new SignpostError(
        "NOT_FOUND",
        `The resolver ${resolver} on chain ${facts.chainId} does not answer for ${served.domain}; see \`signpost domain list\`.`,
        facts,
      );
    }
    print(flags, facts, [
      `${resolver} on chain ${facts.chainId} answers for ${served.domain} no more.`,
    ]);
  });

  domain
    .command("remove")
    .description(
      "serve a domain no more; its names go to the domain above it, and without one it may have none",
    )
    .argument("<name>", "the domain")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { json?: true }) => {
      const normal = normalizeName(name);
      const { aliases, ...handedOver } = await withInstallation(async ({ domains }) => ({
        aliases: (await domains.aliases()).filter((one) => one.domain === normal),
        ...(await domains.removeDomain(normal, handOverAsAdmin(Date.now))),
      }));
      const { other: above } = handedOver;
      const facts = {
        ...{ domain: normal, removed: true, above, below: belowAsJson(handedOver) },
        aliases: aliases.map(({ alias }) => alias),
      };
      print(flags, facts, [
        `${normal} is served no more; its keys and reservations are gone.`,
        ...aliases.map(({ alias }) => `  its alias ${alias} is gone as well`),
        ...(above === null ? [] : belowAsLines({ ...handedOver, other: normal }, above)),
      ]);
    });
}
