/** How far an import has come, in the database that it fills: so it is true with what is there. */
import type { ImportProgress } from "../../transfer/importPort.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { Connection } from "../transaction.js";

const NOTE = `
  insert into import_progress (domain, sha256, byte_offset, line, outcomes) values ($1, $2, $3, $4, $5)
  on conflict (domain) do update set sha256 = excluded.sha256, byte_offset = excluded.byte_offset,
    line = excluded.line, outcomes = excluded.outcomes`;

interface ProgressRow {
  readonly sha256: Buffer;
  readonly byte_offset: string;
  readonly line: string;
  readonly outcomes: unknown;
}

export async function progressOf(
  database: Pool | Connection,
  domain: string,
): Promise<ImportProgress | null> {
  const text = "select sha256, byte_offset, line, outcomes from import_progress where domain = $1";
  const { rows } = await fromDatabase(database.query<ProgressRow>(text, [domain]));
  const [row] = rows;
  return row === undefined ? null : progressOfRow(row);
}

/** Null: there is nothing to go on with. */
export async function noteProgress(
  database: Pool | Connection,
  domain: string,
  progress: ImportProgress | null,
): Promise<void> {
  if (progress === null) {
    const text = "delete from import_progress where domain = $1";
    await fromDatabase(database.query(text, [domain]));
    return;
  }
  const { sha256, byteOffset, line, outcomes } = progress;
  const values = [domain, sha256, byteOffset, line, JSON.stringify(outcomes)];
  await fromDatabase(database.query(NOTE, values));
}

function progressOfRow(row: ProgressRow): ImportProgress {
  return {
    sha256: digestOf(row.sha256),
    byteOffset: Number(row.byte_offset),
    line: Number(row.line),
    outcomes: row.outcomes,
  };
}
