/** The names of a file with answers of NameStone's `get-names`: one JSON list, bounded, one name after the other. */
import { readFile, stat } from "node:fs/promises";
import { isSignpostError, SignpostError } from "../../../errors.js";
import { FIELDS_READ, nameStoneRow } from "../../../transfer/namestone/nameStoneRow.js";
import { unusable } from "./exportToFile.js";
import type { RowsOfUsers } from "./importTable.js";

/** An answer has a thousand names at most, and those have some hundred KiB. */
const LONGEST_BYTES = 256 * 1024 * 1024;

/** Throws INVALID_REQUEST for what is no list. */
export async function nameStoneRows(file: string, domain: string): Promise<RowsOfUsers> {
  const items = await listOf(file);
  const fields = new Set(items.flatMap((item) => Object.keys(Object(item) as object)));
  async function* rows() {
    for (const [index, item] of items.entries()) {
      const row = await nameStoneRow(item, domain).catch((error: unknown) => {
        if (isSignpostError(error) && error.code !== "INTERNAL") return error;
        throw error;
      });
      yield { line: index + 1, row };
    }
  }
  return { rows: rows(), unused: () => [...fields].filter((one) => !FIELDS_READ.includes(one)) };
}

async function listOf(file: string): Promise<readonly unknown[]> {
  try {
    const { size } = await stat(file);
    if (size > LONGEST_BYTES)
      throw noList(`it has more than ${LONGEST_BYTES} bytes; import it in parts`);
    const json = JSON.parse(await readFile(file, "utf8")) as unknown;
    if (Array.isArray(json)) return json as readonly unknown[];
    throw noList("a list of names was expected");
  } catch (error) {
    if (error instanceof SyntaxError) throw noList("it is not JSON");
    throw error instanceof Error && "syscall" in error ? unusable(file, error) : error;
  }
}

function noList(why: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The file is no answer of NameStone's get-names: ${why}. For an export of Signpost, give --format ndjson.`,
  );
}
