/**
 * The first half of a change: names locked, and all that the rules look at read.
 *
 * The lock of a name is its row in `name_head`, which is there before the name and after it. Advisory locks would not
 * do: the server keeps them in shared memory, which the ten thousand of a batch would exhaust.
 */
import { sameBytes } from "../abi/bytes.js";
import { type Hex, toHex } from "../abi/hex.js";
import type { Pause } from "../registry/changes/clock.js";
import type { HistoryEnd } from "../registry/history/historyChain.js";
import type { KnownName } from "../registry/history/lockedName.js";
import type { VersionedName } from "../registry/names/storedName.js";
import { NO_TWINS } from "../registry/names/twins.js";
import { digestOf } from "./bytea.js";
import { type Item, nodesOf, run } from "./changedItems.js";
import { claimantNames } from "./claimants.js";
import { HELD_BY_NOBODY, heldNow } from "./heldNow.js";
import { VERSIONED_COLUMNS, versionedNameOfRow, type VersionedRow } from "./nameRow.js";
import {
  SIGNATURE_STATE_COLUMNS,
  signatureStateOfRow,
  type SignatureStateRow,
} from "./signatureStateRow.js";
import type { Connection } from "./transaction.js";
import { twinsOf } from "./twins.js";

/** In the order of the nodes, which is the same for everybody, so that two batches never wait for each other. */
const LOCK = {
  name: "lock-names",
  text: `insert into name_head (node) select node from unnest($1::bytea[]) as node
         on conflict (node) do update set node = excluded.node
         returning node, number, hash, after, ${SIGNATURE_STATE_COLUMNS}`,
};

const READ = {
  name: "read-names",
  text: `select ${VERSIONED_COLUMNS} from name n left join name_head h using (node) where n.node = any($1::bytea[])`,
};

const RETIRED = {
  name: "retired-profiles",
  text: `select r.node from unnest($1::bytea[], $2::bytea[]) as offered (node, profile_fingerprint)
         join (select node, profile_fingerprint from retired_profile
               union all
               select node, profile_fingerprint from source_retired) r using (node, profile_fingerprint)`,
};

/** A lock that nothing came of leaves no trace. */
const DROP_UNUSED = {
  name: "drop-unused-heads",
  text: "delete from name_head where node = any($1::bytea[]) and number = 0",
};

export async function lockAndRead(
  connection: Connection,
  items: readonly Item[],
  pause: Pause,
): Promise<ReadonlyMap<Hex, KnownName>> {
  const nodes = nodesOf(items);
  const heads = await run<HeadRow>(connection, LOCK, [nodes]);
  const held = await heldNow(connection, items);
  const twins = await twinsOf(
    connection,
    items.map(({ target }) => target),
  );
  const nameOf = new Map(items.map(({ key, target: { place } }) => [key, place?.name]));
  const stored = new Map<Hex, VersionedName>();
  for (const row of await run<VersionedRow>(connection, READ, [nodes])) {
    await pause();
    stored.set(toHex(row.node), versionedNameOfRow(row));
  }
  const retired = await retiredAmong(connection, items);
  const owned = await claimantNames(connection, items);
  return new Map(
    heads.map((head): [Hex, KnownName] => {
      const key = toHex(head.node);
      const name = nameOf.get(key);
      return [
        key,
        {
          stored: stored.get(key) ?? null,
          ...((name !== undefined && held.get(name)) || HELD_BY_NOBODY),
          twins: (name !== undefined && twins.get(name)) || NO_TWINS,
          signatureState: signatureStateOfRow(head),
          end: endOf(head),
          isRetired: retired.has(key),
          claimantNames: owned.get(key) ?? 0,
        },
      ];
    }),
  );
}

async function retiredAmong(
  connection: Connection,
  items: readonly Item[],
): Promise<ReadonlySet<Hex>> {
  const offered = items.flatMap(({ target: { node, fingerprint } }) =>
    fingerprint ? [{ node, fingerprint }] : [],
  );
  if (offered.length === 0) return new Set();
  const rows = await run<{ node: Buffer }>(connection, RETIRED, [
    offered.map(({ node }) => node),
    offered.map(({ fingerprint }) => fingerprint),
  ]);
  return new Set(rows.map(({ node }) => toHex(node)));
}

/** Locks names before they are read, all at once: then they are in the order of the nodes as well. */
export async function lockNodes(
  connection: Connection,
  nodes: readonly Uint8Array[],
): Promise<void> {
  const inOrder = [...nodes].sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1));
  const each = inOrder.filter((node, index) => !sameBytes(node, inOrder[index + 1] ?? NO_NODE));
  await run(connection, LOCK, [each]);
}

export async function dropUnused(
  connection: Connection,
  nodes: readonly Uint8Array[],
): Promise<void> {
  await run(connection, DROP_UNUSED, [nodes]);
}

const NO_NODE = new Uint8Array(0);

interface HeadRow extends SignatureStateRow {
  readonly node: Buffer;
  readonly number: number;
  readonly hash: Buffer | null;
  readonly after: Buffer | null;
}

function endOf({ number, hash, after }: HeadRow): HistoryEnd | null {
  return hash && after ? { number, hash: digestOf(hash), after: digestOf(after) } : null;
}
