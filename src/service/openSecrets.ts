/** The secrets at rest of the capabilities that one process runs: opened once, before any of them makes its tables. */
import { openPool } from "../db/pool.js";
import { SignpostError } from "../errors.js";
import { openSealing } from "../installation/openSealing.js";
import { nameOfColumn, type Place } from "../sealing/place.js";
import type { Secrets } from "../sealing/secrets.js";
import type { WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";
import type { Capability, Parts } from "./capability.js";

type Keeper = Pick<Capability, "name" | "sealedColumns">;

export interface OpenSecrets {
  /** For one capability: in the columns that it declares, and in no others, which no rotation would find. */
  of(keeper: Keeper): Secrets;
  close(): Promise<void>;
}

/** A seal asks once for all that wait for one; a read asks for each data key that this process has not opened yet. */
const CONNECTIONS = 2;

/**
 * Touches neither database nor keys where none of the capabilities declares a sealed column.
 * @throws as `openSealing`
 */
export async function openSecrets(
  keepers: readonly Keeper[],
  { url, pooler }: Pick<Parts["database"], "url" | "pooler">,
  locations: WrappingKeyLocations,
): Promise<OpenSecrets> {
  if (keepers.every(({ sealedColumns }) => sealedColumns.length === 0)) {
    return { of: (keeper) => inColumnsOf(keeper, null), close: () => Promise.resolve() };
  }
  const pool = openPool({ url, pooler, maxConnections: CONNECTIONS });
  try {
    const sealing = await openSealing(pool, locations);
    return {
      of: (keeper) => inColumnsOf(keeper, sealing.secrets),
      close: async () => {
        sealing.close();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function inColumnsOf({ name, sealedColumns }: Keeper, secrets: Secrets | null): Secrets {
  const declared = (): Secrets => {
    if (secrets !== null && sealedColumns.length > 0) return secrets;
    throw new SignpostError(
      "INTERNAL",
      `The capability ${name} declares no sealed column; please report it.`,
    );
  };
  const inColumnOf = ({ column }: Place): Secrets => {
    const all = declared();
    if (column.capability === name && sealedColumns.includes(column)) return all;
    throw new SignpostError(
      "INTERNAL",
      `The capability ${name} does not declare the sealed column ${nameOfColumn(column)}, so no rotation would find it; please report it.`,
    );
  };
  return {
    write: async (place, secret, store) => inColumnOf(place).write(place, secret, store),
    read: async (place, load) => inColumnOf(place).read(place, load),
    check: async () => declared().check(),
  };
}
