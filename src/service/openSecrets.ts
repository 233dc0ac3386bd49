/** The secrets at rest of the capabilities that one process runs: opened once, before any of them makes its tables. */
import { openPool } from "../db/pool.js";
import { SignpostError } from "../errors.js";
import { openSealing, type Sealing } from "../installation/openSealing.js";
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
 * Touches neither database nor keys where no capability has a sealed column in tables of its own. Tables that one makes beside those
 * when it needs them can wait: then the first use of its secrets opens them, and throws what `openSealing` throws.
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
  let opening: Promise<Sealing> | undefined;
  // a failure may pass: the next one who needs them tries again
  const open = () =>
    (opening ??= openSealing(pool, locations).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  const secrets: Secrets = {
    write: async (...args) => (await open()).secrets.write(...args),
    read: async (...args) => (await open()).secrets.read(...args),
    check: async () => (await open()).secrets.check(),
  };
  const close = async () => {
    (await opening?.catch(() => undefined))?.close();
    await pool.end();
  };
  try {
    if (keepers.some(hasOwnTables)) await open();
  } catch (error) {
    await close();
    throw error;
  }
  return { of: (keeper) => inColumnsOf(keeper, secrets), close };
}

function hasOwnTables({ name, sealedColumns }: Keeper): boolean {
  return sealedColumns.some(({ capability }) => capability === name);
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
    if (sealedColumns.includes(column)) return all;
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
