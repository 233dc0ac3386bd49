/**
 * A database with the sealing's table, and the table of a capability that keeps a password for each account. It lies in
 * another schema, as a capability's tables do.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { digestFrom } from "../../../src/abi/digest.js";
import { migrate, type Tables } from "../../../src/db/migrate.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { dataKeyStore } from "../../../src/db/sealing/dataKeyStore.js";
import { sealingTables } from "../../../src/db/sealing/migrations.js";
import { sealedRows } from "../../../src/db/sealing/sealedRows.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import { type DataKeys, dataKeysOf } from "../../../src/sealing/dataKeys.js";
import type { Place, SealedColumn } from "../../../src/sealing/place.js";
import type { RotationParts } from "../../../src/sealing/rotation.js";
import { type Secrets, secretsOf } from "../../../src/sealing/secrets.js";
import type { WrappingKeys } from "../../../src/sealing/wrappingKey.js";
import { fileWrappingKey, makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { PASSWORD } from "../../sealing/sampleColumn.js";

/** A process of the capability, with its own memory of data keys. */
export interface Keeper extends RotationParts {
  readonly secrets: Secrets;
  write(id: bigint, password: string): Promise<void>;
  /** Null where there is no such account. */
  read(id: bigint): Promise<string | null>;
}

export interface SealingWorld {
  readonly url: string;
  readonly pool: Pool;
  readonly schemas: { readonly own: string; readonly sealing: string };
  /** For files of wrapping keys. */
  readonly folder: string;
  /** Makes a random key in a new file. */
  newKeyFile(): Promise<string>;
  /** Of the columns of sealed values it knows only these. */
  keeper(keyFiles: readonly string[], columns?: readonly SealedColumn[]): Promise<Keeper>;
  close(): Promise<void>;
}

/** So that the accounts of one domain are not one behind the other. */
export function domainOf(id: bigint): string {
  return id % 3n === 0n ? "example.com" : "example.org";
}

export function placeOf(id: bigint): Place {
  return { column: PASSWORD, row: [domainOf(id), id] };
}

const sealedColumn = (column: string) => `
  ${column}     bytea,
  ${column}_key uuid generated always as (encode(substring(${column} from 2 for 16), 'hex')::uuid) stored
                references data_key (id)`;

/** As a capability's migration makes it; each row of `former_account` could be one of `account`. */
const MAIL_SQL = [
  ...["account", "former_account"].map(
    (table) => `
      create table ${table} (
        domain text not null,
        id     bigint not null,
        ${sealedColumn("password")},
        primary key (domain, id)
      );
      create index on ${table} (password_key, domain, id);`,
  ),
  `create table "order" (
    node    bytea not null,
    session uuid not null,
    "Limit" smallint not null,
    ${sealedColumn("token")},
    primary key (node, session, "Limit")
  );`,
];

const MAIL_TABLES: Tables = {
  capability: PASSWORD.capability,
  migrations: [
    {
      number: 1,
      fileName: "0001_account.sql",
      sql: MAIL_SQL.join(""),
      hash: digestFrom(new Uint8Array(32)),
      isBreaking: false,
    },
  ],
};

export async function openSealingWorld(): Promise<SealingWorld> {
  const database = await openScratchDatabase();
  const { url, schema } = database;
  const pool = openPool({ url, maxConnections: 20, applicationName: schema });
  const sealing = (await migrate(pool, await sealingTables())).schema;
  const own = (await migrate(pool, MAIL_TABLES)).schema;
  const schemas = { own, sealing };
  const folder = await temporaryFolder();
  return {
    url,
    pool,
    schemas,
    folder,
    newKeyFile: async () => {
      const file = join(folder, `${randomBytes(4).toString("hex")}.key`);
      await makeKeyFile(file);
      return file;
    },
    keeper: async (keyFiles, columns = [PASSWORD]) => {
      const wrappingKeys = await Promise.all(keyFiles.map((file) => fileWrappingKey(file)));
      return keeperOn(pool, schemas, wrappingKeys, columns);
    },
    close: async () => {
      await pool.end();
      await database.close();
      await removeFolder(folder);
    },
  };
}

export function keeperOn(
  pool: Pool,
  schemas: SealingWorld["schemas"],
  wrappingKeys: WrappingKeys,
  columns: readonly SealedColumn[] = [PASSWORD],
): Keeper {
  const store = dataKeyStore(pool, schemas.sealing);
  const dataKeys: DataKeys = dataKeysOf(store, wrappingKeys);
  const secrets = secretsOf(dataKeys);
  return {
    store,
    dataKeys,
    wrappingKeys,
    columns: columns.map((column) => sealedRows(pool, schemas, column)),
    secrets,
    write: (id, password) =>
      secrets.write(placeOf(id), new TextEncoder().encode(password), async (sealed) => {
        await pool.query(
          `insert into ${schemas.own}.account (domain, id, password) values ($1, $2, $3)
           on conflict (domain, id) do update set password = excluded.password`,
          [domainOf(id), id, sealed],
        );
      }),
    read: async (id) => {
      const secret = await secrets.read(placeOf(id), async () => {
        const { rows } = await pool.query<{ password: Buffer }>(
          `select password from ${schemas.own}.account where domain = $1 and id = $2`,
          [domainOf(id), id],
        );
        return rows[0]?.password ?? null;
      });
      return secret === null ? null : new TextDecoder().decode(secret);
    },
  };
}
