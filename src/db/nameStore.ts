/** The registry's questions about one name. */
import { SignpostError } from "../errors.js";
import { toHex } from "../abi/hex.js";
import type { LockedName, NameStore, StoredName } from "../registry/store.js";
import { fromDatabase } from "./databaseError.js";
import { type NameRow, NAME_COLUMNS, nameOfRow, valuesOfName } from "./nameRow.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";

const READ_NAME = {
  name: "name-of-node",
  text: `select ${NAME_COLUMNS.join(", ")} from name where node = $1`,
};

const SAVE_NAME = {
  name: "save-name",
  text: `insert into name (${NAME_COLUMNS.join(", ")}, version)
         values (${NAME_COLUMNS.map((_, index) => `$${index + 1}`).join(", ")}, nextval('name_version'))
         on conflict (node) do update
           set ${NAME_COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")},
               version = excluded.version,
               updated_at = now()`,
};

const HAS_RETIRED = {
  name: "has-retired-profile",
  text: `select 1 from retired_profile where node = $1 and profile_fingerprint = $2`,
};

const RETIRE = {
  name: "retire-profile",
  text: `insert into retired_profile (node, profile_fingerprint) values ($1, $2) on conflict do nothing`,
};

/**
 * Changes to one name wait for one another, each on a connection of its own: give a pool that must also
 * answer lookups enough connections, or the store a pool for itself.
 */
export function nameStore(pool: Pool): NameStore {
  return {
    nameOf: (node) => readName(pool, node),
    changeName: (node, change) =>
      inTransaction(pool, async (connection) => {
        // locks names that do not exist yet as well; released when the transaction ends
        const lock = { text: "select pg_advisory_xact_lock($1)", values: [lockKey(node)] };
        await fromDatabase(connection.query(lock));
        return change(lockedName(connection, node, await readName(connection, node)));
      }),
  };
}

function lockedName(
  connection: Connection,
  node: Uint8Array,
  current: StoredName | null,
): LockedName {
  return {
    current,
    hasRetired: async (profileFingerprint) => {
      const question = { ...HAS_RETIRED, values: [node, profileFingerprint] };
      return (await fromDatabase(connection.query(question))).rowCount === 1;
    },
    retire: async (profileFingerprint) => {
      await fromDatabase(connection.query({ ...RETIRE, values: [node, profileFingerprint] }));
    },
    save: async (name) => {
      if (toHex(name.node) !== toHex(node)) {
        throw new SignpostError(
          "INTERNAL",
          "A change tried to save a name that it had not locked.",
        );
      }
      await fromDatabase(connection.query({ ...SAVE_NAME, values: valuesOfName(name) }));
    },
  };
}

async function readName(from: Pool | Connection, node: Uint8Array): Promise<StoredName | null> {
  const { rows } = await fromDatabase(from.query<NameRow>({ ...READ_NAME, values: [node] }));
  return rows[0] === undefined ? null : nameOfRow(rows[0]);
}

/** The node's first 64 bits: when two nodes share them, their changes merely wait for each other. */
function lockKey(node: Uint8Array): string {
  return new DataView(node.buffer, node.byteOffset).getBigInt64(0).toString();
}
