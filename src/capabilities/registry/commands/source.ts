/** `signpost source`: a service's own data behind a domain. For the operator alone. */
import type { Command } from "commander";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import { readSecretFile } from "../../../operator-keys/secretFile.js";
import { grantStatements } from "../../../source-postgres/grants.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { inspectSource } from "../inspectSource.js";
import {
  freshMsOf,
  type PostgresFlags,
  postgresSettingsOf,
  withPostgresOptions,
} from "./sourceFlags.js";
import { addHttpCommand } from "./sourceHttp.js";
import { addSource, lookIntoSources, sourceBehind, withSources } from "./sourceInstallation.js";
import { lookCommands } from "./sourceLooks.js";
import { describeSource, linesOfSource, rowOfSource } from "./sourceText.js";

interface AddFlags extends PostgresFlags {
  readonly passwordFile?: string;
  readonly freshSec: string;
  readonly json?: true;
}

export function sourceCommand(program: Command): void {
  const source = program
    .command("source")
    .description("a service's own data behind a domain: its rows are answered as they are");

  withPostgresOptions(
    source
      .command("add")
      .description("answer names of a domain from a table or view in the service's own Postgres")
      .argument("<domain>", "a domain that is served already"),
  )
    .option("--password-file <file>", "a file with the role's password, which is kept encrypted")
    .option("--fresh-sec <n>", "how long a row may be answered with without asking again", "1")
    .option("--json", "print JSON")
    .action(async (given: string, flags: AddFlags) => {
      const domain = normalizeName(given);
      const settings = await postgresSettingsOf(flags);
      const freshMs = freshMsOf(flags.freshSec);
      const { passwordFile } = flags;
      const password =
        passwordFile === undefined ? null : await readSecretFile(passwordFile, "password file");
      const { faults, warnings } = await inspectSource({ id: "new", domain }, settings, password);
      if (faults.length > 0) throw unusable(faults);
      const added = await withSources((sources) =>
        addSource(sources, { domain, settings, freshMs }, password),
      );
      print(flags, { ...describeSource(added), warnings }, [
        `Names of ${domain} are answered from ${settings.schema}.${settings.table} within a second.`,
        ...warnings.map((warning) => `  warning  ${warning}`),
        `  look at one: signpost source test <label>.${domain}`,
      ]);
    });

  addHttpCommand(source);

  withPostgresOptions(
    source
      .command("grants")
      .description("print the SQL that the service's database administrator runs before `add`"),
  )
    .option("--json", "print JSON")
    .action(async (flags: PostgresFlags & { json?: true }) => {
      const statements = grantStatements(await postgresSettingsOf(flags));
      print(flags, { statements }, [
        ...statements,
        `-- and its password, so that it stands in no log: \\password ${flags.user}`,
      ]);
    });

  source
    .command("list")
    .description("list the domains that have a data source")
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const sources = await lookIntoSources(({ store }) => store.sources());
      const lines = table(sources.map(rowOfSource), ["DOMAIN", "SOURCE", "PLACE"]);
      print(
        flags,
        sources.map(describeSource),
        sources.length > 0
          ? lines
          : [
              "No data source yet: see `signpost source add --help` and `signpost source add-http --help`.",
            ],
      );
    });

  source
    .command("show")
    .description(
      "show a domain's data source: where it is, its columns, what is wrong with its rows",
    )
    .argument("<domain>", "the domain")
    .option("--json", "print JSON")
    .action(async (domain: string, flags: { json?: true }) => {
      const { stored, counts } = await lookIntoSources(async (sources) => {
        const found = await sourceBehind(sources, domain);
        return { stored: found, counts: await sources.store.problems.counts(found.id) };
      });
      print(flags, { ...describeSource(stored), problems: Object.fromEntries(counts) }, [
        ...linesOfSource(stored),
        ...[...counts].map(
          ([kind, count], at) => `  ${at === 0 ? "problems" : "        "}  ${kind}: ${count}`,
        ),
      ]);
    });

  lookCommands(source);

  source
    .command("remove")
    .description(
      "answer names of a domain from its data source no more; what was served from it is remembered, so that no earlier profile comes back",
    )
    .argument("<domain>", "the domain")
    .option("--json", "print JSON")
    .action(async (given: string, flags: { json?: true }) => {
      const { domain } = await withSources(async (sources) => {
        const found = await sourceBehind(sources, given);
        await sources.store.remove(found.id);
        await sources.secrets.drop(found.id);
        return found;
      });
      print(flags, { domain, removed: true }, [`${domain} has no data source any more.`]);
    });
}

function unusable(faults: readonly string[]): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `This cannot be a data source. ${faults.join(" ")} \`signpost source grants\` prints what the role needs, and no more.`,
    { faults },
  );
}
