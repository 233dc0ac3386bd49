/** `signpost export`: everything of a domain, to take it elsewhere. */
import type { Command } from "commander";
import { withExportSnapshot } from "../../../../db/transfer/exportSnapshot.js";
import { normalizeName } from "../../../../ens/normalize.js";
import { SignpostError } from "../../../../errors.js";
import { withInstallationPool } from "../../../../installation/installationPool.js";
import { counted } from "../../../../terminal/counted.js";
import { print } from "../../../../terminal/print.js";
import { progressCount } from "../../../../terminal/progressCount.js";
import type { ExportSnapshot } from "../../../../transfer/exportPort.js";
import { type Counts, writeExport } from "../../../../transfer/writeExport.js";
import { exportToFile } from "../../transfer/exportToFile.js";
import { lineSink } from "../../transfer/lineSink.js";
import { writeCsv } from "../../transfer/writeCsv.js";
import { assertUpToDate } from "../installation.js";

const FORMATS = ["ndjson", "csv"] as const;

interface ExportFlags {
  readonly out?: string;
  readonly resume?: true;
  readonly format: string;
  readonly json?: true;
}

export function exportCommand(program: Command): void {
  program
    .command("export")
    .description(
      "write everything of a domain to a file or to standard output: names, histories with their signatures, policies; no private keys, no API keys",
    )
    .argument("<domain>", "the domain")
    .option(
      "--out <file>",
      "the file; it is there when it is whole, and until then beside it as <file>.part",
    )
    .option(
      "--resume",
      "after an export to the file was cut off: keep what is still true of it; the result is the same as that of a new export",
    )
    .option(
      "--format <format>",
      "ndjson, or csv with names, addresses and texts for a spreadsheet",
      "ndjson",
    )
    .option("--json", "print JSON; with --out")
    .action(async (given: string, flags: ExportFlags) => {
      const domain = normalizeName(given);
      assertFlags(flags);
      await withInstallationPool(async (pool) => {
        await assertUpToDate(pool);
        await withExportSnapshot(pool, domain, async (snapshot) => {
          tellUnnamed(snapshot);
          if (flags.format === "csv") return exportCsv(snapshot, flags);
          if (flags.out === undefined) return toStandardOutput(snapshot);
          return toFile(snapshot, flags.out, flags);
        });
      });
    });
}

function assertFlags({ format, out, resume, json }: ExportFlags): void {
  if (!FORMATS.some((one) => one === format)) {
    throw new SignpostError("INVALID_REQUEST", `--format takes ${FORMATS.join(" or ")}.`);
  }
  if (out === undefined && (resume === true || json === true)) {
    throw new SignpostError("INVALID_REQUEST", "--resume and --json go with --out <file>.");
  }
  if (format === "csv" && resume === true) {
    throw new SignpostError("INVALID_REQUEST", "--resume goes with --format ndjson.");
  }
}

function tellUnnamed({ unnamed }: ExportSnapshot): void {
  if (unnamed === 0) return;
  console.error(
    `signpost: of ${counted(unnamed, "node", "nodes")} only marks are known and no name, so no export has them: they were deleted before there were histories, or served from a source that was never scanned (\`signpost source scan\`)`,
  );
}

async function toFile(snapshot: ExportSnapshot, file: string, flags: ExportFlags): Promise<void> {
  const progress = progressCount("names exported", snapshot.names);
  const exported = await exportToFile(snapshot, file, flags.resume === true, progress.show).finally(
    progress.clear,
  );
  const { counts, keptNames } = exported;
  const { name: domain } = snapshot.facts.domain;
  const facts = { domain, file, counts, keptNames, unnamed: snapshot.unnamed };
  print(flags, facts, [
    `${domain} is exported to ${file}: ${countsText(counts)}.`,
    ...(keptNames > 0 ? [`  ${keptNames} names were there already, and are as they were`] : []),
  ]);
}

async function toStandardOutput(snapshot: ExportSnapshot): Promise<void> {
  const sink = lineSink(process.stdout);
  await writeExport(snapshot, sink);
  await sink.finish();
}

async function exportCsv(snapshot: ExportSnapshot, flags: ExportFlags): Promise<void> {
  const names = await writeCsv(snapshot, flags.out ?? null);
  if (flags.out === undefined) return;
  const { name: domain } = snapshot.facts.domain;
  print(flags, { domain, file: flags.out, names }, [
    `${counted(names, "name", "names")} of ${domain} in ${flags.out}. A spreadsheet is no backup: histories and signatures are not in it.`,
  ]);
}

function countsText({ name = 0, entry = 0, reservation = 0, alias = 0 }: Counts): string {
  return [
    counted(name, "name", "names"),
    counted(entry, "entry of histories", "entries of histories"),
    counted(reservation, "reservation", "reservations"),
    counted(alias, "alias", "aliases"),
  ].join(", ");
}
