/** Changing names: lock, read, ask, write, all of it in one transaction, some names at a time. */
import { toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import { noPause, type Pause } from "../registry/changes/clock.js";
import type { NameTarget } from "../registry/history/lockedName.js";
import type { NameStore } from "../registry/store.js";
import { inBoundedTransaction } from "./boundedTransaction.js";
import { type Item, nodesOf } from "./changedItems.js";
import { changedTwins } from "./changedTwins.js";
import { lockClaimants } from "./claimants.js";
import { shareDomains } from "./domainLocks.js";
import { dropUnused, lockAndRead, lockNodes } from "./lockedNames.js";
import { type Write, writeAll } from "./nameWrites.js";
import type { Pool } from "./pool.js";
import { planForPresent } from "./presentPlans.js";
import type { Connection } from "./transaction.js";
import { nodesOfForms } from "./twins.js";

/** What is locked, read and written at a time: bounds the statements. */
const AT_ONCE = 100;

export type DecideChange = Parameters<NameStore["changeNames"]>[1];

export async function changeNames(
  pool: Pool,
  targets: readonly NameTarget[],
  decide: DecideChange,
  pause: Pause = noPause,
): Promise<readonly (bigint | null)[]> {
  const places = targets.flatMap(({ place }) => (place ? [place.domain] : []));
  return inBoundedTransaction(pool, async (connection) => {
    if (targets.length > AT_ONCE) await planForPresent(connection);
    await shareDomains(connection, places);
    return changeNamesWithin(connection, targets, decide, pause);
  });
}

/** Inside a transaction of the caller, who shares the domains of the names. */
export async function changeNamesWithin(
  connection: Connection,
  targets: readonly NameTarget[],
  decide: DecideChange,
  pause: Pause = noPause,
): Promise<readonly (bigint | null)[]> {
  const items = targets
    .map((target, index): Item => ({ target, index, key: toHex(target.node) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  if (new Set(items.map(({ key }) => key)).size < items.length) {
    throw new SignpostError("INTERNAL", "A change names one name twice.");
  }
  const versions: (bigint | null)[] = targets.map(() => null);
  await lockClaimants(connection, targets);
  const forms = nodesOfForms(targets);
  // so they come before those names of a later hundred that stand before them
  if (forms.length > 0) await lockNodes(connection, [...nodesOf(items), ...forms]);
  for (let at = 0; at < items.length; at += AT_ONCE) {
    for (const [index, version] of await changeSome(
      connection,
      items.slice(at, at + AT_ONCE),
      decide,
      pause,
    )) {
      versions[index] = version;
    }
  }
  if (forms.length > 0) await dropUnused(connection, forms);
  return versions;
}

/** Inside a transaction of the caller, who locked what is above the names. */
export async function changeSome(
  connection: Connection,
  items: readonly Item[],
  decide: DecideChange,
  pause: Pause = noPause,
): Promise<ReadonlyMap<number, bigint | null>> {
  const known = await lockAndRead(connection, items, pause);
  const versions = new Map<number, bigint | null>();
  const writes: Write[] = [];
  const twins = changedTwins();
  for (const item of items) {
    // of a name with all records that it can have, the rules hash some megabytes
    await pause();
    const name = known.get(item.key) ?? unknownName();
    const change = decide(twins.seen(name, item.target), item.index);
    versions.set(item.index, name.stored?.version ?? null);
    if (change === null) continue;
    twins.note(item.target, change.after);
    writes.push({ item, change });
  }
  const saved = await writeAll(connection, writes, pause);
  for (const { item } of writes) versions.set(item.index, saved.get(item.key) ?? null);
  const isUnused = writes.length < items.length || writes.some(({ change }) => change.end === null);
  if (isUnused) await dropUnused(connection, nodesOf(items));
  return versions;
}

function unknownName(): never {
  throw new SignpostError("INTERNAL", "A name was not locked; please report it.");
}
