/** Relay nodes whose turn it is to be checked, and what was found. */
import { fromHex } from "../abi/hex.js";
import { DM3_DELIVERY_SERVICE_KEY } from "../dm3/profile/profileRecord.js";
import { NODE_PROOF_KEY } from "../dm3/statement/nodeProof.js";
import { addressFrom, checksumAddress } from "../ens/address.js";
import { NODE_STATES, type NodeStanding, type NodeState } from "../nodes/nodeState.js";
import type { CheckedNode, DueNode, NodeCounts, NodeWatchStore } from "../nodes/nodeStore.js";
import { nodeOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";
import { inTransaction } from "./transaction.js";

/** Of one domain; the rest of its nodes is not watched until one of these is gone. */
const MOST_OF_DOMAIN = 1_000;
/** Of one domain, at one host. */
const MOST_OF_HOST = 16;

/** Of `name` as n; as the index name_relay_node has it. A suspended name is answered like an absent one. */
export const IS_RELAY_NODE = `n.texts ? '${DM3_DELIVERY_SERVICE_KEY}' and n.suspended_at is null`;

const DUE = `n.node, n.name, n.version, n.addresses ->> '60' as address,
    n.texts ->> '${DM3_DELIVERY_SERVICE_KEY}' as record, n.texts ->> '${NODE_PROOF_KEY}' as proof, w.taken_at`;

/**
 * Of each domain those that wait longest, in turn with other domains, so that a flood in one holds up none of the others. Nodes
 * without a row are new: a domain has so many rows and no more. Whoever comes at the same time finds the row taken.
 */
const TAKE = `
  with due as (
    select d.*, row_number() over (partition by s.name order by d.taken_at nulls first, d.node) as turn
    from domain s
    cross join lateral (
      select greatest(0, ${MOST_OF_DOMAIN} - count(*)) as room
      from watched_node w join name n using (node) where n.domain = s.name and ${IS_RELAY_NODE}
    ) watched
    cross join lateral (
      (
        select ${DUE} from name n join watched_node w using (node)
        where n.domain = s.name and ${IS_RELAY_NODE} and (w.taken_at <= $1 or w.version <> n.version)
        order by w.taken_at limit $3
      ) union all (
        select ${DUE} from name n left join watched_node w using (node)
        where n.domain = s.name and ${IS_RELAY_NODE} and w.node is null
        order by n.node limit least($3, room)
      )
    ) d
    order by turn, d.taken_at nulls first, d.node limit $3
  ), taken as (
    insert into watched_node (node, name, version, taken_at) select node, name, version, $2 from due
    on conflict (node) do update set version = excluded.version, taken_at = excluded.taken_at
      where watched_node.taken_at <= $1 or watched_node.version <> excluded.version
    returning node
  )
  select due.*, w.owner, w.state, w.reason, w.since_at, w.good_checks
  from due join taken using (node) left join watched_node w using (node)`;

/** Those that have a place at the host keep it. */
const PLACE = `
  update watched_node set host = case when (
    select count(*) from watched_node w join name n using (node)
    where w.host = $2 and w.node <> $1 and n.domain = (select domain from name where node = $1) and ${IS_RELAY_NODE}
  ) < ${MOST_OF_HOST} then $2 end
  where node = $1 returning host`;

/** What is known of a node belongs to it under one owner. */
const FORGET_FORMER = `
  with former as (
    select node from watched_node where node = $1 and checked_at is not null and owner is distinct from $2
  ), changes as (
    delete from watched_node_change using former where watched_node_change.node = former.node
  )
  delete from watched_node_day using former where watched_node_day.node = former.node`;

const NOTE = `
  with noted as (
    update watched_node set owner = $2, url = $3, listed = $4, checked_at = $5,
      state = $6, reason = $7, since_at = $8, good_checks = $9, host = case when $12 then host end
    where node = $1 returning node
  ), changed as (
    insert into watched_node_change (node, at, state, reason) select node, $5, $6, $7 from noted where $10
    on conflict do nothing
  )
  insert into watched_node_day (node, day, checks, good)
  select node, ($5::timestamptz at time zone 'UTC')::date, 1, $11::boolean::integer from noted
  on conflict (node, day) do update set
    checks = watched_node_day.checks + 1, good = watched_node_day.good + excluded.good`;

const MOST_CHANGES = 100;
const MOST_DAYS = 90;

const BOUND_CHANGES = `
  delete from watched_node_change where node = $1 and at <=
    (select at from watched_node_change where node = $1 order by at desc offset ${MOST_CHANGES} limit 1)`;
const BOUND_DAYS = `
  delete from watched_node_day where node = $1 and day <= ($2::timestamptz at time zone 'UTC')::date - ${MOST_DAYS}`;

const FORGET_GONE = `
  delete from watched_node w where coalesce(checked_at, taken_at) < $1
    and not exists (select from name n where n.node = w.node and ${IS_RELAY_NODE})`;

const COUNTS = `
  select w.state, count(*) as count, count(*) filter (where coalesce(w.checked_at, w.taken_at) < $1) as overdue
  from name n join watched_node w using (node) where ${IS_RELAY_NODE} group by w.state`;

interface DueRow {
  readonly node: Buffer;
  readonly name: string;
  /** 0x hex of the address of coin type 60. */
  readonly address: string | null;
  readonly record: string;
  readonly proof: string | null;
  readonly owner: string | null;
  readonly state: NodeState | null;
  readonly reason: string | null;
  readonly since_at: Date | null;
  readonly good_checks: number | null;
}

export function watchedNodes(pool: Pool): NodeWatchStore {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<Row>(text, [...values]))).rows;
  return {
    take: async (dueMs, atMs, limit) => {
      const rows = await ask<DueRow>(TAKE, [new Date(dueMs), new Date(atMs), limit]);
      return rows.map(dueNodeOf);
    },
    takePlace: async (node, host) => {
      const [row] = await ask<{ host: string | null }>(PLACE, [node, host]);
      return row?.host === host;
    },
    note: async (checked) => {
      // nobody sees what the former owner's node was without its history
      await inTransaction(pool, async (connection) => {
        const former = [checked.node, checked.owner];
        await fromDatabase(connection.query(FORGET_FORMER, former));
        await fromDatabase(connection.query(NOTE, [...valuesOf(checked)]));
      });
      if (checked.isChange) await ask(BOUND_CHANGES, [checked.node]);
      await ask(BOUND_DAYS, [checked.node, new Date(checked.atMs)]);
    },
    forgetGone: async (beforeMs) => {
      await ask(FORGET_GONE, [new Date(beforeMs)]);
    },
    counts: async (overdueMs) => {
      const rows = await ask<{ state: NodeState | null; count: string; overdue: string }>(COUNTS, [
        new Date(overdueMs),
      ]);
      const of = (state: NodeState) => Number(rows.find((row) => row.state === state)?.count ?? 0);
      return {
        ...(Object.fromEntries(NODE_STATES.map((state) => [state, of(state)])) as NodeCounts),
        overdue: rows.reduce((sum, { overdue }) => sum + Number(overdue), 0),
      };
    },
  };
}

function dueNodeOf(row: DueRow): DueNode {
  const { name, record, proof } = row;
  const owner = row.address === null ? null : checksumAddress(addressFrom(fromHex(row.address)));
  const standing = row.owner === owner ? standingOf(row) : null;
  return { node: nodeOf(row.node), name, owner, record, proof, standing };
}

function standingOf({ state, reason, since_at: since, good_checks }: DueRow): NodeStanding | null {
  if (state === null || since === null) return null;
  return { state, reason, sinceMs: since.getTime(), goodChecks: good_checks ?? 0 };
}

function valuesOf(checked: CheckedNode): readonly unknown[] {
  const { node, owner, url, listed, isAsked, atMs, standing, isChange, isGood } = checked;
  const { state, reason, sinceMs, goodChecks } = standing;
  return [
    ...[node, owner, url, listed, new Date(atMs)],
    ...[state, reason, new Date(sinceMs), goodChecks],
    ...[isChange, isGood, isAsked],
  ];
}
