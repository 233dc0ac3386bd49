/** The registry's questions about names. How names change stands in `nameChanges`. */
import { toHex } from "../abi/hex.js";
import type { HistoryEntry, StoredEntry } from "../registry/history/historyEntry.js";
import { NEVER_SIGNED } from "../registry/names/signatureState.js";
import type { NameStore } from "../registry/store.js";
import { digestOf, nodeOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import { changeNames } from "./nameChanges.js";
import { nameList } from "./nameList.js";
import { VERSIONED_COLUMNS, versionedNameOfRow, type VersionedRow } from "./nameRow.js";
import { networkList, networksOfDomain } from "./networkList.js";
import type { Pool } from "./pool.js";
import {
  SIGNATURE_STATE_COLUMNS,
  signatureStateOfRow,
  type SignatureStateRow,
} from "./signatureStateRow.js";
import { divergentTwins } from "./twins.js";

const SELECT_NAME = `select ${VERSIONED_COLUMNS} from name n left join name_head h using (node)`;

const NAME_OF_NODE = { name: "name-of-node", text: `${SELECT_NAME} where n.node = $1` };

const SIGNATURE_STATE_OF_NODE = `select ${SIGNATURE_STATE_COLUMNS} from name_head where node = $1`;

const NAMES_SHOWING = `${SELECT_NAME}
  where n.addresses ->> '60' = $1 and n.domain = $2 and n.profile_fingerprint = $3 and not n.held
  order by n.version limit $4`;

const NAMES_SHOWN_FOR = `
  select n.name from name n
  where n.addresses ->> '60' = $1 and n.domain = $2 and n.profile_fingerprint is not null
    and n.suspended_at is null and n.name !~ '^0x[0-9a-f]{40}[.]'
  order by n.name collate "C" limit $3`;

const IS_SUPERSEDED = `
  select exists (select from retired_profile where profile_fingerprint = $2)
     and not exists (select from name where addresses ->> '60' = $1 and profile_fingerprint = $2) as superseded`;

const RETIRED = "select profile_fingerprint from retired_profile where node = $1";

const HISTORY = `
  select entry, hash, number from name_history where node = $1 and number > $2 order by number limit $3`;

const NODES = `
  select node from (
    (select node from name where $1::bytea is null or node > $1 order by node limit $2)
    union
    (select node from name_head where number > 0 and ($1::bytea is null or node > $1) order by node limit $2)
  ) nodes order by node limit $2`;

const HISTORY_END =
  "select number, hash, after, version from name_head where node = $1 and number > 0";

/**
 * Changes to one name wait for one another, each on a connection of its own: give a pool that must also
 * answer lookups enough connections, or the store a pool for itself.
 */
export function nameStore(pool: Pool): NameStore {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<Row>(text, [...values]))).rows;
  const names = async (text: string, values: readonly unknown[]) =>
    (await ask<VersionedRow>(text, values)).map(versionedNameOfRow);

  return {
    nameOf: async (node) => {
      const question = { ...NAME_OF_NODE, values: [node] };
      const { rows } = await fromDatabase(pool.query<VersionedRow>(question));
      return rows[0] === undefined ? null : versionedNameOfRow(rows[0]);
    },
    signatureStateOf: async (node) => {
      const [row] = await ask<SignatureStateRow>(SIGNATURE_STATE_OF_NODE, [node]);
      return row === undefined ? NEVER_SIGNED : signatureStateOfRow(row);
    },
    changeNames: (targets, decide, pause) => changeNames(pool, targets, decide, pause),
    networks: (page) => networkList(pool, page),
    networksOfDomain: (domain, page) => networksOfDomain(pool, domain, page),
    namesOfDomain: (domain, page) => nameList(pool, domain, page),
    namesShowing: (wallet, domain, fingerprint, limit) =>
      names(NAMES_SHOWING, [toHex(wallet), domain, fingerprint, limit]),
    namesShownFor: async (wallet, domain, limit) => {
      const values = [toHex(wallet), domain, limit];
      return (await ask<{ name: string }>(NAMES_SHOWN_FOR, values)).map(({ name }) => name);
    },
    isSuperseded: async (wallet, fingerprint) => {
      const [row] = await ask<{ superseded: boolean }>(IS_SUPERSEDED, [toHex(wallet), fingerprint]);
      return row?.superseded === true;
    },
    divergentTwins: (limit) => divergentTwins(pool, limit),
    retiredUnder: async (node) =>
      (await ask<{ profile_fingerprint: Buffer }>(RETIRED, [node])).map((row) =>
        digestOf(row.profile_fingerprint),
      ),
    historyOf: async (node, after, limit) =>
      (await ask<HistoryRow>(HISTORY, [node, after, limit])).map(entryOfRow),
    nodes: async (after, limit) =>
      (await ask<{ node: Buffer }>(NODES, [after, limit])).map(({ node }) => nodeOf(node)),
    historyEndOf: async (node) => {
      const [row] = await ask<EndRow>(HISTORY_END, [node]);
      return row === undefined
        ? null
        : {
            number: row.number,
            hash: digestOf(row.hash),
            after: digestOf(row.after),
            version: row.version === null ? null : BigInt(row.version),
          };
    },
  };
}

interface HistoryRow {
  readonly entry: HistoryEntry;
  readonly hash: Buffer;
  readonly number: number;
}

interface EndRow {
  readonly number: number;
  readonly hash: Buffer;
  readonly after: Buffer;
  /** A bigint, which the driver returns as text. */
  readonly version: string | null;
}

function entryOfRow({ entry, hash, number }: HistoryRow): StoredEntry {
  return { entry, hash: digestOf(hash), storedAs: number };
}
