/**
 * Names of which nothing is here, written by COPY: of many at once, that takes a tenth of the time of single changes.
 *
 * A name's row in `name_head` is its lock also here: two that write one name at the same time meet at that row, and the
 * second one is told that it is there. Whatever asks for a rule, a reservation or a twin, is left to `changeNames`. A reservation
 * that is made at the same moment finds the names there, as one that is made behind them: beside any change it is so.
 */
import { type Hex, toHex } from "../../abi/hex.js";
import { isWithin } from "../../ens/hierarchy.js";
import type { ImportProgress, PackedName } from "../../transfer/importPort.js";
import { inBoundedTransaction } from "../boundedTransaction.js";
import { fromDatabase, isDuplicate } from "../databaseError.js";
import { shareDomains } from "../domainLocks.js";
import { domainsHolding } from "../domainRow.js";
import { bePatient, PATIENCE_MS } from "../patience.js";
import type { Pool } from "../pool.js";
import { planForPresent } from "../presentPlans.js";
import { reservationsAmong } from "../reservationRow.js";
import type { Connection } from "../transaction.js";
import { addMarks, hasMarks } from "./addMarks.js";
import { copyInto } from "./copyText.js";
import { noteProgress } from "./importProgress.js";
import { PACKED_HEAD_COLUMNS, PACKED_HISTORY_COLUMNS, PACKED_NAME_COLUMNS } from "./packName.js";

const hasRow = (table: string) => `(select true from ${table} t where t.node = asked.node)`;
/** The order is that of its index, which is read then however small the table seems. */
const hasRows = (table: string) =>
  `(select true from ${table} t where t.node = asked.node order by t.profile_fingerprint limit 1)`;

/**
 * Exported for the test that looks at its plan. By index whatever the server thinks of the tables' sizes: an `exists` may become a hash
 * of all rows, anew for each chunk.
 */
export const KNOWN = {
  name: "nodes-known",
  text: `select node from unnest($1::bytea[]) as asked (node)
         where coalesce(${hasRow("name_head")}, ${hasRow("name")}, ${hasRow("source_served")},
           ${hasRows("retired_profile")}, ${hasRows("source_retired")})`,
};

/** Domains and aliases below one: what lies under those is not its own. */
const BELOW = {
  name: "namespaces-below",
  text: `select name from domain where right(name, length($1) + 1) = '.' || $1
         union all select alias from domain_alias where right(alias, length($1) + 1) = '.' || $1`,
};

const VERSIONS = {
  name: "next-versions",
  text: "select nextval('name_version') as version from generate_series(1, $1)",
};

/** Which of them were written, or would be. */
export async function addNewNames(
  pool: Pool,
  domain: string,
  names: readonly PackedName[],
  dryRun: boolean,
  progressWith: (added: readonly boolean[]) => ImportProgress | null,
): Promise<readonly boolean[]> {
  const inOrder = [...names].sort((a, b) => Buffer.compare(a.node, b.node));
  try {
    return await inBoundedTransaction(pool, async (connection) => {
      await bePatient(connection);
      await planForPresent(connection);
      await shareDomains(connection, [domain]);
      const free = new Set(await freeAmong(connection, domain, inOrder));
      const isAdded = names.map((name) => free.has(name));
      if (dryRun) return isAdded;
      await write(connection, [...free]);
      const progress = progressWith(isAdded);
      if (progress !== null) {
        // what a crash of the server takes back, the progress goes with: the end of the import is on the disk
        await fromDatabase(connection.query("set local synchronous_commit = off"));
        await noteProgress(connection, domain, progress);
      }
      return isAdded;
    });
  } catch (error) {
    // somebody wrote one of them at this moment: each by itself, then
    if (!isDuplicate(error)) throw error;
    return names.map(() => false);
  }
}

async function freeAmong(
  connection: Connection,
  domain: string,
  names: readonly PackedName[],
): Promise<readonly PackedName[]> {
  const its = (await domainsHolding(connection, [domain])).get(domain);
  // what a domain that is frozen, or gone, does not take is told name by name
  if (its?.name !== domain || its.frozen !== null) return [];
  const nodes = names.map(({ node }) => node);
  const { rows: known } = await fromDatabase(
    connection.query<{ node: Buffer }>({ ...KNOWN, values: [nodes] }),
  );
  const { rows: below } = await fromDatabase(
    connection.query<{ name: string }>({ ...BELOW, values: [domain] }),
  );
  const reserved = await reservationsAmong(
    connection,
    names.map(({ name }) => name),
  );
  const taken = new Set<Hex>(known.map(({ node }) => toHex(node)));
  return names.filter(
    ({ node, name, sharedForm }) =>
      !taken.has(toHex(node)) &&
      !reserved.has(name) &&
      // whether a twin is here can only be asked under the lock of their form
      sharedForm === null &&
      !below.some((one) => isWithin(name, one.name)),
  );
}

async function write(connection: Connection, names: readonly PackedName[]): Promise<void> {
  const there = names.filter(({ isGone }) => !isGone);
  const { rows: versions } = await fromDatabase(
    connection.query<{ version: string }>({ ...VERSIONS, values: [there.length] }),
  );
  const versionOf = new Map(there.map((name, index) => [name, versions[index]?.version ?? "0"]));
  const copy = (table: string, columns: readonly string[], rows: readonly string[]) =>
    copyInto(connection, table, columns, rows, PATIENCE_MS);
  const heads = names.map((name) => `${versionOf.get(name) ?? "\\N"}\t${name.rows.head}`);
  await copy("name_head", PACKED_HEAD_COLUMNS, heads);
  const rows = there.map((name) => `${versionOf.get(name) ?? "0"}\t${name.rows.name}`);
  await copy("name", PACKED_NAME_COLUMNS, rows);
  const history = names.flatMap(({ rows: { history } }) => (history === "" ? [] : [history]));
  await copy("name_history", PACKED_HISTORY_COLUMNS, history);
  await addMarks(
    connection,
    names.flatMap(({ name, node, rows: { marks } }) =>
      hasMarks(marks) ? [{ name, node, marks }] : [],
    ),
  );
  const older = names.filter(({ entries }) => entries === 0).map(({ node }) => node);
  if (older.length > 0) {
    const text = "delete from name_head where node = any($1::bytea[]) and number = 0";
    await fromDatabase(connection.query(text, [older]));
  }
}
