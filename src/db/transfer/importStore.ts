/** What imports ask of the database beside the registry's questions. */
import { toHex } from "../../abi/hex.js";
import type { ImportStore } from "../../transfer/importPort.js";
import { inBoundedTransaction } from "../boundedTransaction.js";
import { digestOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import { bePatient, patiently } from "../patience.js";
import type { Pool } from "../pool.js";
import { addMarksLocked, hasMarks } from "./addMarks.js";
import { addNewNames } from "./addNewNames.js";
import { noteProgress, progressOf } from "./importProgress.js";

const HASHES = `
  select h.node, h.hash from unnest($1::bytea[], $2::integer[]) as asked (node, number)
  join name_history h using (node, number)`;

const FROM_ANOTHER = `
  select exists (
    select from (select name, domain from name union all select name, domain from reservation) of_others
    where (name = $1 or right(name, length($1) + 1) = '.' || $1)
      and domain <> $1 and right(domain, length($1) + 1) <> '.' || $1
  ) as is_so`;

export function importStore(pool: Pool): ImportStore {
  return {
    takesFromAnother: (domain) =>
      inBoundedTransaction(pool, async (connection) => {
        await bePatient(connection);
        const [found] = await patiently<{ is_so: boolean }>(connection, FROM_ANOTHER, [domain]);
        return found?.is_so === true;
      }),
    addNew: (...given) => addNewNames(pool, ...given),
    hashesAt: (entries) => hashesOfEntries(pool, entries),
    addMarks: async (arrivals, dryRun) => {
      if (!arrivals.some(({ marks }) => hasMarks(marks))) return new Set();
      return inBoundedTransaction(pool, async (connection) => {
        await fromDatabase(connection.query("savepoint marks"));
        const isNew = await addMarksLocked(connection, arrivals);
        if (dryRun) await fromDatabase(connection.query("rollback to savepoint marks"));
        return isNew;
      });
    },
    progressOf: (domain) => progressOf(pool, domain),
    noteProgress: (domain, progress) => noteProgress(pool, domain, progress),
  };
}

/** Hashes of entries that are here, by node; each node once. */
export async function hashesOfEntries(
  pool: Pool,
  entries: Parameters<ImportStore["hashesAt"]>[0],
): ReturnType<ImportStore["hashesAt"]> {
  if (entries.length === 0) return new Map();
  const values = [entries.map(({ node }) => node), entries.map(({ number }) => number)];
  const { rows } = await fromDatabase(pool.query<{ node: Buffer; hash: Buffer }>(HASHES, values));
  return new Map(rows.map(({ node, hash }) => [toHex(node), digestOf(hash)]));
}
