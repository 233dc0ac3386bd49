/** What a mirror takes in at a time, and how far it is then: one transaction, of whoever has the lease. */
import { fromHex, toHex } from "../../abi/hex.js";
import { foreignText } from "../../fetch/foreignText.js";
import { LEASE_MS } from "../../mirror/keepLease.js";
import type { MirrorProblem } from "../../mirror/mirror.js";
import type { MirrorLease, TakenIn } from "../../mirror/mirrorStore.js";
import type { Arrived } from "../../transfer/arrive/decideArrival.js";
import { targetOfArrival } from "../../transfer/arrive/targetOfArrival.js";
import { inBoundedTransaction } from "../boundedTransaction.js";
import { fromDatabase } from "../databaseError.js";
import { shareDomains } from "../domainLocks.js";
import { changeNamesWithin } from "../nameChanges.js";
import type { Pool } from "../pool.js";
import { planForPresent } from "../presentPlans.js";
import type { Connection } from "../transaction.js";
import { addMarksLocked } from "../transfer/addMarks.js";

/** Work that goes on keeps the lease. */
const NOTE = {
  name: "note-mirror-progress",
  text: `update mirror set heard_at = now(), failures = 0, failure = null,
      lease_until = greatest(lease_until, now() + interval '${LEASE_MS} milliseconds'),
      cursor = case when $3 then $4 else cursor end,
      gone_after = case when $3 then $5 else gone_after end,
      is_gone_read = case when $3 then $6 else is_gone_read end
    where domain = $1 and lease_token = $2`,
};

/** What a primary wrote goes to terminals and logs. */
const LONGEST_NAME_SHOWN = 300;
const LONGEST_REASON = 1_000;

const SETTLE = "delete from mirror_problem where domain = $1 and node = any($2::bytea[])";

const PROBLEMS = `
  insert into mirror_problem (domain, node, name, outcome, reason)
  select $1, * from unnest($2::bytea[], $3::text[], $4::text[], $5::text[])
  on conflict (domain, node) do update set name = excluded.name, outcome = excluded.outcome,
    reason = excluded.reason, tried_at = now()`;

/** Null where another process has the lease, or the mirror ended. */
export async function takeIn(
  pool: Pool,
  { domain, token }: MirrorLease,
  { arrivals, decide, problems, settled, progress }: TakenIn,
): Promise<readonly Arrived[] | null> {
  return inBoundedTransaction(pool, async (connection) => {
    await planForPresent(connection);
    await shareDomains(connection, [domain]);
    const { cursor = null, goneAfter = null, isGoneRead = false } = progress ?? {};
    const values = [domain, token, progress !== null, cursor, goneAfter, isGoneRead];
    // its row is locked from here on
    const { rowCount } = await fromDatabase(connection.query({ ...NOTE, values }));
    if (rowCount !== 1) return null;
    const arrived: Arrived[] = [];
    const targets = arrivals.map((arrival) => targetOfArrival(arrival, domain));
    await changeNamesWithin(connection, targets, (known, index) => {
      const arrival = arrivals[index];
      if (arrival === undefined) return null;
      const result = decide(known, arrival);
      arrived[index] = result;
      return result.outcome === "imported" ? result.change : null;
    });
    const isTaken = (index: number) =>
      ["imported", "unchanged"].includes(arrived[index]?.outcome ?? "");
    const taken = arrivals.filter((_, index) => isTaken(index));
    await addMarksLocked(connection, taken);
    const done = [...settled.map(fromHex), ...taken.map(({ node }) => node)];
    if (done.length > 0) await fromDatabase(connection.query(SETTLE, [domain, done]));
    await noteProblems(connection, domain, [...problems, ...problemsAmong(arrivals, arrived)]);
    return arrived;
  });
}

function problemsAmong(
  arrivals: TakenIn["arrivals"],
  arrived: readonly Arrived[],
): readonly MirrorProblem[] {
  return arrivals.flatMap(({ node, name }, index): readonly MirrorProblem[] => {
    const result = arrived[index];
    if (result === undefined || result.outcome === "imported" || result.outcome === "unchanged") {
      return [];
    }
    const { outcome } = result;
    const reason = "reason" in result ? result.reason : "what is here is newer";
    return [{ node: toHex(node), name, outcome, reason }];
  });
}

async function noteProblems(
  connection: Connection,
  domain: string,
  problems: readonly MirrorProblem[],
): Promise<void> {
  if (problems.length === 0) return;
  await fromDatabase(
    connection.query(PROBLEMS, [
      domain,
      problems.map(({ node }) => fromHex(node)),
      problems.map(({ name }) => name && foreignText(name, LONGEST_NAME_SHOWN)),
      problems.map(({ outcome }) => outcome),
      problems.map(({ reason }) => foreignText(reason, LONGEST_REASON)),
    ]),
  );
}
