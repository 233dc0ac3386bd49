/** Relay nodes as they are shown to everybody. */
import { NODE_PROOF_KEY } from "../dm3/statement/nodeProof.js";
import type { NodeState } from "../nodes/nodeState.js";
import type { NodeHistory, NodeList, NodePage, ShownNode } from "../nodes/nodeStore.js";
import { fromDatabase } from "./databaseError.js";
import { IS_HELD_BELOW } from "./domainRow.js";
import { pageOfRows } from "./pageOfRows.js";
import type { Pool } from "./pool.js";
import { IS_RELAY_NODE } from "./watchedNodes.js";

const UPTIME_DAYS = 30;

const SHOWN = `n.name, w.url, coalesce(w.listed, false) as listed, w.state, w.reason, w.since_at, w.checked_at, (
    select sum(d.good)::float8 / sum(d.checks) from watched_node_day d
    where d.node = n.node and d.day > (now() at time zone 'UTC')::date - ${UPTIME_DAYS}
  ) as uptime`;

/** A proof that went since the last check, as with another owner, counts at once. */
const LISTED = `
  select ${SHOWN} from watched_node w join name n using (node)
  where w.listed and w.state <> 'unproven' and n.texts ? '${NODE_PROOF_KEY}' and ${IS_RELAY_NODE}
    and w.name collate "C" > $1 order by w.name collate "C" limit $2`;

/** Exported for the test that looks at its plan. */
export const NODES_OF_DOMAIN = `
  select ${SHOWN} from name n left join watched_node w using (node)
  where n.domain = $1 and ${IS_RELAY_NODE} and n.name collate "C" > $2 and not ${IS_HELD_BELOW}
  order by n.name collate "C" limit $3`;

const NAMED = `
  select ${SHOWN} from name n left join watched_node w using (node) where n.node = $1 and ${IS_RELAY_NODE}`;

const CHANGES =
  "select at, state, reason from watched_node_change where node = $1 order by at desc";
const DAYS = `
  select day::text as day, checks, good from watched_node_day where node = $1 order by day desc`;

interface ShownRow extends Pick<ShownNode, "name" | "url" | "listed" | "state" | "reason"> {
  readonly since_at: Date | null;
  readonly checked_at: Date | null;
  readonly uptime: number | null;
}

interface ChangeRow {
  readonly at: Date;
  readonly state: NodeState;
  readonly reason: string | null;
}

export function relayNodeList(pool: Pool): NodeList {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<Row>(text, [...values]))).rows;
  return {
    listed: async (after, limit) => {
      return pageOf(await ask<ShownRow>(LISTED, [after, limit + 1]), limit);
    },
    ofDomain: async (domain, after, limit) =>
      pageOf(await ask<ShownRow>(NODES_OF_DOMAIN, [domain, after, limit + 1]), limit),
    named: async (node) => {
      const [row] = await ask<ShownRow>(NAMED, [node]);
      if (row === undefined) return null;
      const changes = await ask<ChangeRow>(CHANGES, [node]);
      const days = await ask<NodeHistory["days"][number]>(DAYS, [node]);
      return {
        ...shownOfRow(row),
        changes: changes.map(({ at, state, reason }) => ({ atMs: at.getTime(), state, reason })),
        days,
      };
    },
  };
}

function pageOf(rows: readonly ShownRow[], limit: number): NodePage {
  return pageOfRows(rows, limit, shownOfRow, ({ name }) => name);
}

function shownOfRow(row: ShownRow): ShownNode {
  const { name, url, listed, state, reason, since_at: since, checked_at: checked } = row;
  return {
    ...{ name, url, listed, state, reason },
    sinceMs: since && since.getTime(),
    checkedMs: checked && checked.getTime(),
    uptime30Days: row.uptime,
  };
}
