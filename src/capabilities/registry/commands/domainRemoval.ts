/** `signpost domain disconnect` and `remove`: taking back what was added by mistake, or is not served any more. */
import type { Command } from "commander";
import { checksumAddress } from "../../../ens/address.js";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import { handOverAsAdmin, withdrawAsAdmin } from "../../../registry/changes/handOverName.js";
import type { HandedOver } from "../../../registry/domains/handOver.js";
import type { NameStore } from "../../../registry/store.js";
import { counted } from "../../../terminal/counted.js";
import { print } from "../../../terminal/print.js";
import { assertTyped } from "../../../terminal/typedAnswer.js";
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
    const resolver = checksumAddress(served.resolver);
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
    .option(
      "--with-names",
      "take its names away as well; `signpost export` first, if they are to go on elsewhere",
    )
    .option("--yes", "with --with-names: do not ask")
    .option("--json", "print JSON")
    .action(async (name: string, flags: RemoveFlags) => {
      const normal = normalizeName(name);
      const withNames = flags.withNames === true;
      const { aliases, ...handedOver } = await withInstallation(async ({ domains, names }) => {
        if (withNames) await assertMeant(names, normal, flags);
        return {
          aliases: (await domains.aliases()).filter((one) => one.domain === normal),
          ...(await domains.removeDomain(
            normal,
            handOverAsAdmin(Date.now),
            withNames ? withdrawAsAdmin(Date.now) : undefined,
          )),
        };
      });
      const { other: above } = handedOver;
      const facts = {
        ...{ domain: normal, removed: true, above, below: belowAsJson(handedOver) },
        ...(withNames && { withNames }),
        aliases: aliases.map(({ alias }) => alias),
      };
      print(flags, facts, [
        `${normal} is served no more; its keys and reservations are gone.`,
        ...aliases.map(({ alias }) => `  its alias ${alias} is gone as well`),
        ...belowAfter(handedOver, normal, withNames),
      ]);
    });
}

interface RemoveFlags {
  readonly withNames?: true;
  readonly yes?: true;
  readonly json?: true;
}

function belowAfter(handedOver: HandedOver, domain: string, withNames: boolean): string[] {
  const { other: above, names, heldNames } = handedOver;
  if (!withNames) {
    return above === null ? [] : belowAsLines({ ...handedOver, other: domain }, above);
  }
  const held = heldNames === 0 ? "" : `, ${heldNames} of them held by their owners`;
  return [`  ${counted(names, "name", "names")} went with it${held}; their histories stay`];
}

/** Nothing brings the names back here: not even an import of their export, because their histories went on. */
async function assertMeant(names: NameStore, domain: string, { yes }: RemoveFlags): Promise<void> {
  const page = { prefix: "", after: "", limit: 1 };
  if (yes === true || (await names.namesOfDomain(domain, page)).items.length === 0) return;
  console.error(
    `signpost: the names of ${domain} will be answered for no more. To take them elsewhere, export them first: \`signpost export ${domain} --out ${domain}.ndjson\``,
  );
  await assertTyped(`Type ${domain} to remove it with its names:`, domain, "--yes");
}
