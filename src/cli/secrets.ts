/** `signpost secrets`: the keys of the secrets in this installation's database. */
import type { Command } from "commander";
import type { Pool } from "../db/pool.js";
import { sealedRowsHere } from "../db/sealing/sealedRows.js";
import { withInstallationPool } from "../installation/installationPool.js";
import { openSealing, readSealing } from "../installation/openSealing.js";
import { nameOfColumn, type SealedColumn, textOfRow } from "../sealing/place.js";
import { rewrapAll, type Unopenable } from "../sealing/rewrap.js";
import { rotate, type RotationParts, type RotationReport } from "../sealing/rotation.js";
import { type SealingStatus, sealingStatus } from "../sealing/sealingStatus.js";
import type { WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";
import { sealingSettings } from "../settings/sealingSettings.js";
import { readSettings } from "../settings/settingsPart.js";
import { print } from "../terminal/print.js";
import { makeKeyFile } from "../wrapping-keys/fileWrappingKey.js";
import { reportLines, rewrapLines, statusLines } from "./secretsText.js";

interface RotateFlags {
  readonly wrappingOnly?: true;
  readonly leaveUnreadable?: true;
  readonly json?: true;
}

const KEY_NOT_HERE = 1;
const NOT_FOUND_OUT = 4;
const SOMETHING_LEFT = 1;
/** Values between two lines that tell how far a rotation is. */
const PROGRESS_STEP = 10_000;

/** @param columns every column of every capability that holds secrets */
export function secretsCommand(program: Command, columns: readonly SealedColumn[]): void {
  const secrets = program
    .command("secrets")
    .description("the keys of the secrets in this installation's database");

  secrets
    .command("status")
    .description(
      "show which keys the secrets need; exit status 1 when one of them, or of the settings, is not here, 4 when KMS cannot say",
    )
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const { database, status } = await statusHere(columns);
      print(flags, { database, ...statusFacts(status) }, [
        `database  ${database}`,
        ...statusLines(status),
      ]);
      const { wrappingKeys, dataKeys } = status;
      const isOneGone =
        wrappingKeys.some(({ presence }) => presence === "gone") ||
        dataKeys.some(({ isHere }) => isHere === false);
      if (isOneGone) process.exitCode = KEY_NOT_HERE;
      else if (dataKeys.some(({ isHere }) => isHere === null)) process.exitCode = NOT_FOUND_OUT;
    });

  secrets
    .command("rotate")
    .description(
      "make a new data key and seal every secret anew by it, while the service runs; exit status 1 when something had to be left. Run it again when it was interrupted",
    )
    .option("--wrapping-only", "only wrap the data keys by the present key; no secret is touched")
    .option("--leave-unreadable", "when a key is lost: leave what it sealed as it is, and go on")
    .option("--json", "print JSON")
    .action(async (flags: RotateFlags) => {
      const unopenable: Unopenable = flags.leaveUnreadable ? "leave" : "refuse";
      if (flags.wrappingOnly) {
        const report = await withRotationParts(columns, (parts) => rewrapAll(parts, unopenable));
        print(flags, report, rewrapLines(report));
        if (report.left.length > 0) process.exitCode = SOMETHING_LEFT;
        return;
      }
      const report = await withRotationParts(columns, (parts) =>
        rotate({ ...parts, onProgress: progress() }, unopenable),
      );
      print(flags, reportFacts(report), reportLines(report));
      if (report.left.length > 0) process.exitCode = SOMETHING_LEFT;
    });

  secrets
    .command("new-key")
    .description("make a random key in a new file that only you can read")
    .argument("<file>", "where")
    .option("--json", "print JSON")
    .action(async (file: string, flags: { json?: true }) => {
      await makeKeyFile(file);
      print(flags, { file }, [
        `A key is in ${file}; back it up, and set SECRETS_KEY_LOCATION=file:${file}`,
      ]);
    });
}

/** Writes nothing, so that a database user who may only read can ask, and a build from before can start again. */
async function statusHere(
  columns: readonly SealedColumn[],
): Promise<{ readonly database: string; readonly status: SealingStatus }> {
  return withInstallation(async (pool, locations, database) => {
    const sealing = await readSealing(pool, locations);
    try {
      const { dataKeys, wrappingKeys } = sealing;
      const rows = await sealedRowsHere(pool, columns);
      return { database, status: await sealingStatus(dataKeys, wrappingKeys, rows) };
    } finally {
      sealing.close();
    }
  });
}

async function withRotationParts<T>(
  columns: readonly SealedColumn[],
  work: (parts: RotationParts) => Promise<T>,
): Promise<T> {
  return withInstallation(async (pool, locations) => {
    const sealing = await openSealing(pool, locations);
    try {
      return await work({ ...sealing, columns: await sealedRowsHere(pool, columns) });
    } finally {
      sealing.close();
    }
  });
}

async function withInstallation<T>(
  work: (pool: Pool, locations: WrappingKeyLocations, database: string) => Promise<T>,
): Promise<T> {
  const locations = readSettings([sealingSettings], process.env)(sealingSettings);
  return withInstallationPool((pool, { description }) => work(pool, locations, description));
}

/** On standard error: a program reads standard output. */
function progress(): (moved: number) => void {
  let next = PROGRESS_STEP;
  return (moved) => {
    if (moved < next) return;
    next = moved + PROGRESS_STEP;
    console.error(`signpost: ${moved} secrets were sealed anew so far`);
  };
}

function statusFacts({ wrappingKeys, dataKeys }: SealingStatus) {
  return {
    wrappingKeys,
    dataKeys: dataKeys.map(({ seals, createdMs, ...dataKey }) => ({
      ...dataKey,
      seals: Number(seals),
      createdAt: new Date(createdMs).toISOString(),
    })),
  };
}

function reportFacts({ unreadable, ...report }: RotationReport) {
  return {
    ...report,
    unreadable: {
      count: unreadable.count,
      first: unreadable.first.map(({ column, row }) => ({
        column: nameOfColumn(column),
        row: textOfRow(row),
      })),
    },
  };
}
