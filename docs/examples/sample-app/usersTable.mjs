// The sample app's users, from a CSV file with a header. In your app this is a query.
import { readFile } from "node:fs/promises";
import { labelOf } from "signpost/sdk";

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

/** A user's ENS name, by a fixed rule: Ada, ADA and @ada are all ada. Throws for a user name of which no label can be made. */
export function nameOf({ username }, domain) {
  return `${labelOf(username)}.${domain}`;
}

/** The users whose name nobody before them has; the others, and those without a name, are given to `refuse`. */
export function withOwnNames(users, domain, refuse) {
  const userOf = new Map();
  for (const user of users) {
    try {
      const name = nameOf(user, domain);
      const first = userOf.get(name);
      if (first) refuse(user, `${name} is the name of user ${first.id}, ${first.username}`);
      else userOf.set(name, user);
    } catch (error) {
      refuse(user, error.message);
    }
  }
  return [...userOf.values()];
}
