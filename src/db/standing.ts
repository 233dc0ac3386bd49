/** What our own tables say of names whose domain has a source: asked of those domains alone. */
import { type Hex, toHex } from "../abi/hex.js";
import type { Node } from "../ens/namehash.js";
import type { Standing } from "../registry/names/standing.js";
import { batchedLookup, textOfKey } from "./batchedLookup.js";
import { addressOf, digestOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import { RECORD_COLUMNS, type RecordColumns, recordsOfRow } from "./nameRow.js";
import type { Pool } from "./pool.js";

/** Exported for the test that looks at its plan: index reads alone. */
export const STANDINGS_OF_NODES = {
  name: "standings-of-nodes",
  text: `select asked.node, n.version, n.suspended_at is not null as is_suspended,
                ${RECORD_COLUMNS.map((column) => `n.${column}`).join(", ")},
                h.given_up_by, s.row_digest, s.profile_fingerprint,
                exists (select from retired_profile r
                        where r.node = asked.node and r.profile_fingerprint = s.profile_fingerprint) as is_retired,
                exists (select from source_name t join source on source.id = t.source
                        where t.node = asked.node and t.twin_round > 0 and t.twin_round >= source.round) as has_twins
         from unnest($1::bytea[]) as asked (node)
         left join name n on n.node = asked.node
         left join name_head h on h.node = asked.node
         left join source_served s on s.node = asked.node`,
};

interface OwnColumns extends RecordColumns {
  /** A bigint, which the driver returns as text; null without a row of our own. */
  readonly version: string | null;
  readonly is_suspended: boolean;
}

interface StandingRow extends OwnColumns {
  readonly node: Buffer;
  readonly given_up_by: readonly Buffer[] | null;
  readonly row_digest: Buffer | null;
  readonly profile_fingerprint: Buffer | null;
  readonly is_retired: boolean;
  readonly has_twins: boolean;
}

const NOTHING_KNOWN: Standing = {
  own: null,
  givenUpBy: [],
  last: null,
  isLastRetired: false,
  hasTwins: false,
};

export function standings(pool: Pool): (node: Node) => Promise<Standing> {
  const rowOf = batchedLookup((nodes) => readRows(pool, nodes));
  return async (node) => {
    const row = await rowOf(node);
    return row ? standingOfRow(row) : NOTHING_KNOWN;
  };
}

async function readRows(
  pool: Pool,
  nodes: readonly Node[],
): Promise<ReadonlyMap<string, StandingRow>> {
  const question = { ...STANDINGS_OF_NODES, values: [nodes] };
  const { rows } = await fromDatabase(pool.query<StandingRow>(question));
  return new Map(rows.map((row) => [textOfKey(row.node), row]));
}

function standingOfRow(row: StandingRow): Standing {
  const { row_digest: digest, profile_fingerprint: fingerprint } = row;
  return {
    own: ownOfRow(row),
    givenUpBy: (row.given_up_by ?? []).map((wallet): Hex => toHex(addressOf(wallet))),
    last:
      digest && fingerprint
        ? { digest: digestOf(digest), fingerprint: digestOf(fingerprint) }
        : null,
    isLastRetired: row.is_retired,
    hasTwins: row.has_twins,
  };
}

function ownOfRow(row: OwnColumns): Standing["own"] {
  if (row.version === null) return null;
  return row.is_suspended ? "suspended" : { records: recordsOfRow(row), version: row.version };
}
