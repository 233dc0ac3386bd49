// The sample app's users, from a CSV file with a header. In your app this is a query.
import { readFile } from "node:fs/promises";

/** An object for each row, by the names of the columns. */
export async function readUsers(file) {
  const lines = (await readFile(file, "utf8")).split(/\r?\n/).filter((line) => line !== "");
  const [columns, ...rows] = lines.map(fieldsOf);
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index]])),
  );
}

/** RFC 4180, but for line breaks inside of a field. */
function fieldsOf(line) {
  const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}

/** A user's ENS name. A dot in a user name would be a subname of another user's. */
export function nameOf({ username }, domain) {
  if (username.includes(".")) throw new Error(`The user name ${username} has a dot in it.`);
  return `${username.toLowerCase()}.${domain}`;
}
