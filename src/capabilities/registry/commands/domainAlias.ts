/** `signpost domain alias`: further names of a domain, under which its names are answered for as well. */
import type { Command } from "commander";
import { normalizeName } from "../../../ens/normalize.js";
import { assertNormalName } from "../../../ens/normalName.js";
import { SignpostError } from "../../../errors.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation, withInstallation } from "./installation.js";

interface Flags {
  readonly json?: true;
}

export function aliasCommands(domain: Command): void {
  const command = domain
    .command("alias")
    .description("further names of a domain, under which its names are answered for as well");

  command
    .command("add")
    .description("answer for x.<alias> with the records of x.<domain>, whatever x is")
    .argument("<alias>", "an ENS name with the domain's resolver, e.g. users.alias.eth")
    .argument("<domain>", "a domain that is served already, e.g. users.example.eth")
    .option("--json", "print JSON")
    .action(async (givenAlias: string, givenDomain: string, flags: Flags) => {
      const alias = normalizeName(givenAlias);
      assertNormalName(alias);
      const of = normalizeName(givenDomain);
      const { above, resolvers } = await withInstallation(async ({ domains }) => ({
        ...(await domains.addAlias({ alias, domain: of })),
        resolvers: await domains.resolversOf(of),
      }));
      print(flags, { alias, domain: of, above }, [
        `${alias} is an alias of ${of}.`,
        ...(above === null
          ? []
          : [`  it lies under ${above}, whose keys do not reach names there any more`]),
        resolvers.length === 0
          ? `  no resolver answers for ${of} yet: see \`signpost domain connect\``
          : `  clients find it once a resolver of ${of} is attached to ${alias}: see \`signpost resolver attach\``,
      ]);
    });

  command
    .command("remove")
    .description("answer for names under an alias no more")
    .argument("<alias>", "the alias")
    .option("--json", "print JSON")
    .action(async (given: string, flags: Flags) => {
      const alias = normalizeName(given);
      const of = await withInstallation(({ domains }) => domains.removeAlias(alias));
      if (of === null) {
        throw new SignpostError(
          "NOT_FOUND",
          `${alias} is no alias here; see \`signpost domain alias list\`.`,
          { alias },
        );
      }
      print(flags, { alias, domain: of, removed: true }, [
        `${alias} is an alias of ${of} no more.`,
      ]);
    });

  command
    .command("list")
    .description("list the aliases and their domains")
    .option("--json", "print JSON")
    .action(async (flags: Flags) => {
      const aliases = await lookIntoInstallation(({ domains }) => domains.aliases());
      const lines = table(
        aliases.map(({ alias, domain: of }) => [alias, of]),
        ["ALIAS", "DOMAIN"],
      );
      print(
        flags,
        aliases,
        aliases.length > 0 ? lines : ["No alias yet: see `signpost domain alias add --help`."],
      );
    });
}
