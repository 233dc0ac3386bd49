/** Rows in the text format of Postgres's COPY, and how they get there. */
import { once } from "node:events";
import copyStreams from "pg-copy-streams";
import { fromDatabase } from "../databaseError.js";
import type { Connection } from "../transaction.js";

const NULL = "\\N";

/** What stands for itself in a text, and what for an end of a field or row. */
const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

export type CopyValue = string | number | boolean | object | null;

/** JSON in one line: of what is special, only backslashes can stand there. */
export function copyJson(json: string): string {
  return json.includes("\\") ? json.replaceAll("\\", "\\\\") : json;
}

/** A row; objects go as JSON. */
export function copyRow(values: readonly CopyValue[]): string {
  return `${values.map(copyValue).join("\t")}\n`;
}

function copyValue(value: CopyValue | undefined): string {
  if (value === null || value === undefined) return NULL;
  if (typeof value === "object") return copyJson(JSON.stringify(value));
  const text = String(value);
  return SPECIAL.test(text) ? text.replace(SPECIAL, (one) => ESCAPES[one] ?? one) : text;
}

/** In characters; a chunk at once would be one string of a hundred megabytes. */
const TOGETHER = 1024 * 1024;

export async function copyInto(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rows: readonly string[],
  timeoutMs: number,
): Promise<void> {
  if (rows.length === 0) return;
  const stream = copyStreams.from(`copy ${table} (${columns.join(", ")}) from stdin`);
  // the driver's time-out of statements would end a long one
  Object.assign(stream, { query_timeout: timeoutMs });
  const done = new Promise<void>((resolve, reject) => {
    stream.on("finish", resolve);
    stream.on("error", reject);
  });
  connection.query(stream);
  const sent = async () => {
    let held: string[] = [];
    let length = 0;
    for (const row of rows) {
      held.push(row);
      length += row.length;
      if (length < TOGETHER) continue;
      if (!stream.write(held.join(""))) await once(stream, "drain");
      [held, length] = [[], 0];
    }
    stream.end(held.join(""));
    await done;
  };
  await fromDatabase(Promise.race([sent(), done]));
}
