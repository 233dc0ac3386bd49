/** The migrations that come with this version: for each capability numbered SQL files, 0001_domain.sql and on. */
import { readdir, readFile } from "node:fs/promises";
import type { Digest } from "../abi/digest.js";
import { sha256OfText } from "../abi/sha256.js";
import { SignpostError } from "../errors.js";

export interface Migration {
  /** 1, 2, 3 and on, without a gap. */
  readonly number: number;
  readonly fileName: string;
  readonly sql: string;
  /** SHA-256 of the text. */
  readonly hash: Digest;
  /**
   * Whether processes of earlier versions cannot work on the tables that it leaves: those refuse to start on them. Its
   * first line then is `-- breaking: <why>`. All others only add what earlier versions can ignore.
   */
  readonly isBreaking: boolean;
}

const BREAKING = /^-- breaking: \S/;

/**
 * The SQL files of a folder in their order.
 * @throws INTERNAL when the numbers have a gap, as after an incomplete build or copy
 */
export async function readMigrations(folder: URL): Promise<readonly Migration[]> {
  const fileNames = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  const migrations = await Promise.all(fileNames.map((name) => readMigration(folder, name)));
  const gap = migrations.findIndex((migration, index) => migration.number !== index + 1);
  if (gap !== -1 || migrations.length === 0) {
    throw new SignpostError(
      "INTERNAL",
      `Migration ${gap === -1 ? 1 : gap + 1} is missing from this installation: install or build it again.`,
    );
  }
  return migrations;
}

async function readMigration(folder: URL, fileName: string): Promise<Migration> {
  // a checkout with other line ends is not an edited migration
  const sql = (await readFile(new URL(fileName, folder), "utf8")).replaceAll("\r\n", "\n");
  const hash = sha256OfText(sql);
  const number = Number(fileName.slice(0, 4));
  return { number, fileName, sql, hash, isBreaking: BREAKING.test(sql) };
}
