/** `signpost import <table>.csv`: names from a table of users. */
import type { Command } from "commander";
import { normalizeName } from "../../../../ens/normalize.js";
import { SignpostError } from "../../../../errors.js";
import { foreignText } from "../../../../fetch/foreignText.js";
import { noSuchDomain } from "../../../../registry/domains/noSuchDomain.js";
import { counted } from "../../../../terminal/counted.js";
import { print } from "../../../../terminal/print.js";
import { progressCount } from "../../../../terminal/progressCount.js";
import type { ColumnsGiven } from "../../../../transfer/csv/table.js";
import { importRows, importTable, type TableImported } from "../../transfer/importTable.js";
import { nameStoneRows } from "../../transfer/nameStoneRows.js";
import { lookIntoInstallation, withInstallation } from "../installation.js";

/** `--json` has up to a thousand. */
const MOST_PRINTED = 50;
const LONGEST_REMARK = 500;
const ORDER = ["created", "changed", "unchanged", "kept", "collision", "refused"] as const;

export interface CsvFlags {
  readonly domain?: string;
  readonly label?: string;
  readonly text?: readonly string[];
  readonly address?: readonly string[];
  readonly replace?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export function withCsvOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  return command
    .option("--domain <name>", "of a table or of NameStone's names: the domain that they lie under")
    .option(
      "--label <column>",
      "of a table: the column with the user names; by default label, username or name",
    )
    .option(
      "--text <key=column>",
      "of a table: a text record and its column, e.g. avatar=picture; as often as needed",
      collect,
    )
    .option(
      "--address <coin=column>",
      "of a table: an address by its coin type, e.g. 0=bitcoin; as often as needed",
      collect,
    )
    .option(
      "--replace",
      "of a table or of NameStone's names: change names that are there as well; by default they stay as they are. Records that the table has no column for stay",
    );
}

/** @param format `csv`, or `namestone`: a list of names in JSON, which has no columns to choose */
export async function importCsv(
  file: string,
  flags: CsvFlags,
  format: "csv" | "namestone",
): Promise<void> {
  if (flags.domain === undefined) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "Give --domain <name>: the domain that the names lie under.",
    );
  }
  const domain = normalizeName(flags.domain);
  const given: ColumnsGiven = {
    label: flags.label ?? null,
    texts: pairsOf("--text", flags.text),
    addresses: pairsOf("--address", flags.address),
  };
  const progress = progressCount("rows", null);
  const within = flags.dryRun === true ? lookIntoInstallation : withInstallation;
  const imported = await within(async (registry) => {
    if (!(await registry.domains.domains()).some(({ name }) => name === domain))
      throw noSuchDomain(domain);
    const dryRun = flags.dryRun === true;
    const replace = flags.replace === true;
    const into = { registry, domain, dryRun, replace, onRows: progress.show };
    return format === "csv"
      ? importTable(file, { ...into, given })
      : importRows(await nameStoneRows(file, domain), into);
  }).finally(progress.clear);
  print(
    flags,
    { domain, dryRun: flags.dryRun === true, ...imported },
    linesOf(domain, imported, flags),
  );
  const { collision = 0, refused = 0 } = imported.counts;
  if (collision + refused > 0) process.exitCode = 1;
}

function pairsOf(option: string, given: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(
    given.map((pair) => {
      const at = pair.indexOf("=");
      if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new SignpostError(
        "INVALID_REQUEST",
        `${option} takes a record and a column, with = between them.`,
      );
    }),
  );
}

function linesOf(
  domain: string,
  { counts, remarks, unusedColumns }: TableImported,
  { dryRun }: CsvFlags,
): string[] {
  const text = ORDER.flatMap((outcome) => {
    const count = counts[outcome] ?? 0;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  return [
    `${dryRun === true ? "Nothing was written; this would happen to" : "Names of"} ${domain}: ${text.join(", ") || "no rows"}.`,
    ...(unusedColumns.length > 0
      ? [
          `  not imported: ${counted(unusedColumns.length, "column or field", "columns or fields")} ${foreignText(unusedColumns.join(", "))}`,
        ]
      : []),
    ...remarks
      .slice(0, MOST_PRINTED)
      .map(
        ({ line, outcome, name, reason }) =>
          `  line ${line}  ${outcome}  ${foreignText(`${name}: ${reason}`, LONGEST_REMARK)}`,
      ),
    ...(remarks.length > MOST_PRINTED ? ["  and more; --json lists up to a thousand of them"] : []),
  ];
}
