/** The changes of a domain, in Postgres. Migration 0023 draws the tables. */
import { toHex } from "../../abi/hex.js";
import type { ChangedName, ChangeFeed, FeedPlace } from "../../registry/feed/changeFeed.js";
import { nodeOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import { IS_HELD_BELOW } from "../domainRow.js";
import { VERSIONED_COLUMNS, versionedNameOfRow, type VersionedRow } from "../nameRow.js";
import type { Pool } from "../pool.js";
import { assertReached, followDomain } from "./followedDomain.js";
import { numberChanges } from "./numberChanges.js";

const COLUMNS = `h.number as entry, h.hash, ${VERSIONED_COLUMNS}`;

/** Those that are there, $1 is the domain. None that a domain below holds, whatever an earlier build wrote into its row. */
const NAMES = {
  name: "names-in-feed",
  text: `select n.node as changed, n.name as place, ${COLUMNS}
    from name n left join name_head h using (node)
    where n.domain = $1 and n.name collate "C" > $2 and not ${IS_HELD_BELOW}
    order by n.name collate "C" limit $3`,
};

const CHANGES = {
  name: "changes-in-feed",
  text: `select c.node as changed, c.number as place, ${COLUMNS}
    from changed_name c
      left join name n on n.node = c.node and n.domain = c.domain and not ${IS_HELD_BELOW}
      left join name_head h on h.node = n.node
    where c.domain = $1 and c.number > $2 order by c.number limit $3`,
};

const NODES_OF_NAMES = {
  name: "nodes-of-names-in-feed",
  text: `select n.node, n.name as place from name n
    where n.domain = $1 and n.name collate "C" > $2 and not ${IS_HELD_BELOW}
    order by n.name collate "C" limit $3`,
};

const NODES_OF_CHANGES = {
  name: "nodes-of-changes-in-feed",
  text: `select node, number as place from changed_name
    where domain = $1 and number > $2 order by number limit $3`,
};

interface NodeRow {
  readonly node: Buffer;
  /** As in `ChangeRow`. */
  readonly place: string;
}

type ChangeRow = (
  VersionedRow | Readonly<Record<Exclude<keyof VersionedRow, "sequence">, null>>
) & {
  readonly changed: Buffer;
  /** The name, or a bigint, which the driver returns as text. */
  readonly place: string;
  readonly entry: number | null;
  readonly hash: Buffer | null;
};

export function changeFeed(pool: Pool): ChangeFeed {
  const ask = async (question: typeof NAMES, domain: string, after: string, limit: number) => {
    const values = [domain, after, limit];
    return (await fromDatabase(pool.query<ChangeRow>({ ...question, values }))).rows;
  };
  return {
    open: async (domain, after) => {
      const followed = await followDomain(pool, domain);
      if (after !== null) assertReached(followed, after);
      const { isDue, ...asItIs } = followed;
      const { last, isWhole } = isDue
        ? await numberChanges(pool, domain)
        : { ...asItIs, isWhole: true };
      // what has a number now is found among the names that are there
      return { place: after ?? { feed: followed.feed, number: last, name: "" }, isWhole };
    },
    nodes: async (domain, after, limit) => {
      const { feed, number, name } = after;
      const find = async (question: typeof NAMES, from: string) => {
        const values = [domain, from, limit];
        return (await fromDatabase(pool.query<NodeRow>({ ...question, values }))).rows;
      };
      const isAmongNames = name !== null;
      const rows = await (isAmongNames
        ? find(NODES_OF_NAMES, name)
        : find(NODES_OF_CHANGES, number.toString()));
      const last = rows.at(-1);
      const behind: FeedPlace = isAmongNames
        ? { feed, number, name: rows.length < limit ? null : (last?.place ?? null) }
        : { feed, number: last ? BigInt(last.place) : number, name: null };
      return { nodes: rows.map(({ node }) => nodeOf(node)), place: behind };
    },
    read: async (domain, after, limit) => {
      const { feed, number, name } = after;
      const behindNames: FeedPlace = { feed, number, name: null };
      const names = name === null ? [] : await ask(NAMES, domain, name, limit);
      const first = names.map((row) => changeOfRow(row, { feed, number, name: row.place }));
      if (first.length === limit) return { changes: first, place: first.at(-1)?.place ?? after };
      const rows = await ask(CHANGES, domain, number.toString(), limit - first.length);
      const then = rows.map((row) =>
        changeOfRow(row, { ...behindNames, number: BigInt(row.place) }),
      );
      return { changes: [...first, ...then], place: then.at(-1)?.place ?? behindNames };
    },
  };
}

function changeOfRow(row: ChangeRow, place: FeedPlace): ChangedName {
  const { entry, hash } = row;
  return {
    place,
    node: nodeOf(row.changed),
    stored: row.node === null ? null : versionedNameOfRow(row),
    entry: row.node && entry && hash ? { number: entry, hash: toHex(hash) } : null,
  };
}
