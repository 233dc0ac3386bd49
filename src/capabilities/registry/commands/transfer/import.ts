/** `signpost import`: an export of another installation, or a table of users. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { contractWalletsOn } from "../../../../chain/askContractWallets.js";
import { domainStore } from "../../../../db/domainStore.js";
import { nameStore } from "../../../../db/nameStore.js";
import type { Pool } from "../../../../db/pool.js";
import { importStore } from "../../../../db/transfer/importStore.js";
import { SignpostError } from "../../../../errors.js";
import type { WhereNone } from "../../../../installation/database.js";
import { withInstallationPool } from "../../../../installation/installationPool.js";
import { apiKeyFrom } from "../../../../registry/domains/apiKey.js";
import { print } from "../../../../terminal/print.js";
import { progressCount } from "../../../../terminal/progressCount.js";
import { type FileImported, importFile } from "../../transfer/importFile.js";
import { assertUpToDate, upToDate } from "../installation.js";
import { NEW_OPTION, type NewFlag, whereNoneBy } from "../newInstallation.js";
import { rpcUrlsOf } from "../rpcUrls.js";
import { type CsvFlags, importCsv, withCsvOptions } from "./importCsv.js";
import { linesOfOutcomes } from "./outcomeTable.js";

interface ImportFlags extends CsvFlags, NewFlag {
  readonly format?: string;
  readonly resume?: true;
  readonly rpc?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function importCommand(program: Command): void {
  const command = program
    .command("import")
    .description(
      "take in an export of another installation, each history and signature verified; or names from a CSV table, or of NameStone",
    )
    .argument(
      "<file>",
      "the export, a table whose name ends in .csv, or names of NameStone in .json",
    )
    .option("--dry-run", "say what would happen to an installation that is there; write nothing")
    .option(
      "--resume",
      "go on behind what an import of the same export had finished when it was cut off",
    )
    .option(
      "--rpc <urls>",
      "ask contract wallets about what they signed, at the block of then: <chain id>=<URL>, with commas",
    )
    .option(...NEW_OPTION)
    .option(
      "--format <format>",
      "ndjson, csv, or namestone for the JSON of its get-names; by the name of the file otherwise",
    )
    .option("--json", "print JSON");
  withCsvOptions(command).action(async (file: string, flags: ImportFlags) => {
    const format = flags.format ?? formatOf(file);
    if (format === "csv" || format === "namestone") {
      const ofExports = "--resume and --rpc go with an export of Signpost.";
      assertWithout(flags, ["resume", "rpc"], ofExports);
      if (format === "namestone") {
        const ofColumns = "--label, --text and --address go with a CSV table.";
        assertWithout(flags, ["label", "text", "address"], ofColumns);
      }
      await importCsv(file, flags, format);
      return;
    }
    if (format !== "ndjson") {
      throw new SignpostError("INVALID_REQUEST", "--format takes ndjson, csv or namestone.");
    }
    const ofTables = ["domain", "label", "text", "address", "replace"] as const;
    assertWithout(
      flags,
      ofTables,
      "--domain, --label, --text, --address and --replace go with a CSV table.",
    );
    await withInstallationPool((pool) => importExport(pool, file, flags), whereNoneFor(flags));
  });
}

/** The first domain may come before the first start; where nothing is written, there is nothing to begin. */
function whereNoneFor(flags: ImportFlags): WhereNone {
  if (flags.dryRun !== true) return whereNoneBy(flags);
  if (flags.new === true) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "--dry-run writes nothing, so it cannot begin a new installation; leave one of --new and --dry-run out.",
    );
  }
  return "refuse";
}

function formatOf(file: string): string {
  if (file.endsWith(".csv")) return "csv";
  return file.endsWith(".json") ? "namestone" : "ndjson";
}

function assertWithout(
  flags: ImportFlags,
  names: readonly (keyof ImportFlags)[],
  sentence: string,
): void {
  if (names.some((name) => flags[name] !== undefined)) {
    throw new SignpostError("INVALID_REQUEST", sentence);
  }
}

async function importExport(pool: Pool, file: string, flags: ImportFlags): Promise<void> {
  await (flags.dryRun === true ? assertUpToDate(pool) : upToDate(pool));
  const newApiKey = apiKeyFrom(randomBytes(32));
  let apiKey: string | null = null;
  const progress = progressCount("names looked at", null);
  const imported = await importFile(file, {
    registry: { names: nameStore(pool), domains: domainStore(pool) },
    store: importStore(pool),
    contractWallets: flags.rpc === undefined ? null : contractWalletsOn(rpcUrlsOf(flags.rpc)),
    newApiKey,
    resume: flags.resume === true,
    dryRun: flags.dryRun === true,
    onNewDomain: (domain) => {
      apiKey = newApiKey;
      tellKey(domain, newApiKey, flags);
    },
    onNames: progress.show,
  }).finally(progress.clear);
  print(flags, { ...factsOf(imported, flags), apiKey }, linesOf(imported, flags));
  if (needsALook(imported)) process.exitCode = 1;
}

/** At once: the names may take an hour, and nobody else knows it. */
function tellKey(domain: string, apiKey: string, { json }: ImportFlags): void {
  // a program reads one JSON document, at the end
  const print = json === true ? console.error : console.log;
  print(
    [
      `${domain} is served.`,
      `  API key       ${apiKey}`,
      "                (shown this once: store it where your service keeps its secrets)",
    ].join("\n"),
  );
}

function factsOf(imported: FileImported, { dryRun = false }: { readonly dryRun?: boolean }) {
  const { domain, outcomes, areCountsRight, resumedNames } = imported;
  return { domain, dryRun, resumedNames, areCountsRight, ...outcomes };
}

function linesOf(
  { domain, outcomes, areCountsRight, resumedNames }: FileImported,
  flags: ImportFlags,
) {
  return [
    flags.dryRun === true
      ? `${domain}: nothing was written; this would happen.`
      : `${domain} is imported.`,
    ...(resumedNames > 0
      ? [`  ${resumedNames} names were dealt with before, and are counted in`]
      : []),
    ...linesOfOutcomes(outcomes),
    ...(areCountsRight
      ? []
      : [
          "  The export does not have as many lines as its end line says: whoever wrote it made a mistake, or changed it.",
        ]),
  ];
}

function needsALook({ outcomes: { counts }, areCountsRight }: FileImported): boolean {
  const isRefused = Object.values(counts).some(
    ({ conflict = 0, refused = 0 }) => conflict + refused > 0,
  );
  return isRefused || !areCountsRight;
}
