/** The same names as a view in a service's own Postgres: a server of its own, reached over TCP, behind a domain without rows of ours. */
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { fromHex } from "../../src/abi/hex.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { sourceStore } from "../../src/db/sourceStore.js";
import { freePort } from "../../src/demo/freePort.js";
import { parseRecord } from "../../src/dm3/profile/parseRecord.js";
import { parseSignedUserProfile } from "../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";
import { findBinaries } from "../../src/embedded-postgres/binaries.js";
import { createCluster } from "../../src/embedded-postgres/cluster.js";
import { reachableBinaries } from "../../src/embedded-postgres/reachableBinaries.js";
import { runServer } from "../../src/embedded-postgres/server.js";
import { serverUser } from "../../src/embedded-postgres/serverUser.js";
import { urlOfSocketFolder } from "../../src/embedded-postgres/socketFolder.js";
import { addressFrom } from "../../src/ens/address.js";
import { profileFingerprint } from "../../src/registry/names/profileFingerprint.js";
import { postgresSettings } from "../../src/registry/sources/postgresSettings.js";
import { rowDigest } from "../../src/registry/sources/rowDigest.js";
import type { SourceRow } from "../../src/registry/sources/source.js";
import { say } from "../progress.js";
import type { Dataset } from "./dataset.js";
import { DOMAIN, nameOf, nodeOf } from "./names.js";
import type { Person } from "./people.js";

const TEXTS = { avatar: "avatar", email: "email", "com.github": "github", description: "bio" };
const BATCH = 10_000;

const USERS = `
  create table person (number int primary key, wallet text, profile text, avatar text, email text, github text, bio text, hash bytea);
  create table account (username text primary key, person int not null references person);
  create view users as select * from account join person on number = person;
  create role signpost login;
  grant select on users to signpost;`;

export interface ServiceData {
  stop(): Promise<void>;
}

/** Moves the names of a dataset into a service's own tables, and puts a source behind its domain. */
export async function moveToService({ url, size, people }: Dataset): Promise<ServiceData> {
  const server = await startServer();
  const pool = openPool({ url, statementTimeoutMs: 600_000, maxConnections: 1 });
  try {
    await fill(server.url, size, people);
    await pool.query("truncate name");
    const settings = postgresSettings.parse({
      ...{ kind: "postgres", host: "127.0.0.1", port: server.port, database: "postgres" },
      ...{ user: "signpost", tls: "off", network: "127.0.0.0/8", schema: "public", table: "users" },
      columns: {
        ...{ label: "username", wallet: "wallet", profile: "profile", contenthash: "hash" },
        texts: TEXTS,
      },
    });
    await sourceStore(pool).add({ domain: DOMAIN, settings, freshMs: 1000 });
    // as after a scan
    await pool.query("update source set scan_at = now() + interval '1 day'");
    await noteServed(pool, size, people);
    return { stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    await pool.end();
  }
}

async function startServer() {
  const user = await serverUser(null);
  const bin = await reachableBinaries(await findBinaries(), "/var/lib/signpost", user);
  const folder = await mkdtemp("/tmp/signpost-service-");
  const socketFolder = join(folder, "socket");
  await mkdir(socketFolder);
  for (const made of [folder, socketFolder]) {
    if (user.uid !== undefined && user.gid !== undefined) await chown(made, user.uid, user.gid);
  }
  const dataDir = join(folder, "data");
  await createCluster({ bin, dataDir, user, durable: false });
  const access = join(dataDir, "pg_hba.conf");
  const refusing = await readFile(access, "utf8");
  await writeFile(access, `host all signpost 127.0.0.1/32 trust\n${refusing}`);
  const port = await freePort();
  const server = await runServer({
    ...{ bin, dataDir, socketFolder, user, logFile: join(folder, "postgres.log") },
    settings: ["fsync=off", "listen_addresses=127.0.0.1", `port=${port}`, "autovacuum=off"],
  });
  return {
    port,
    url: urlOfSocketFolder(socketFolder).replace(/localhost:\d+/, `localhost:${port}`),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(url: string, size: number, people: readonly Person[]): Promise<void> {
  say(`${size.toLocaleString("en")} rows of a service's own`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(USERS);
    for (const [number, person] of people.entries()) {
      const { texts } = person;
      const values = Object.keys(TEXTS).map((key) => texts[key]);
      await client.query("insert into person values ($1, $2, $3, $4, $5, $6, $7, $8)", [
        ...[number, person.address, profileOf(person), ...values, person.contenthash],
      ]);
    }
    await client.query(
      `insert into account select 'u' || lpad(n::text, 7, '0'), n % $1::int from generate_series(0, $2::int - 1) n`,
      [people.length, size],
    );
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}

/** As the service has it: the JSON alone. */
function profileOf({ texts }: Person): string {
  return (texts[DM3_PROFILE_KEY] ?? "").slice("data:application/json,".length);
}

/** Every row was served before, so that what is measured is a lookup, and not a wallet's signature that is new to us. */
async function noteServed(pool: Pool, size: number, people: readonly Person[]): Promise<void> {
  const served = people.map((person) => {
    const record = parseRecord(person.texts[DM3_PROFILE_KEY] ?? "");
    if (record.kind !== "data") throw new Error("a profile that is not in its record");
    const { profile } = parseSignedUserProfile(record.json);
    const row = rowOf(person);
    return {
      digestOf: (number: number) => rowDigest(nameOf(number), row),
      fingerprint: profileFingerprint(addressFrom(fromHex(person.address)), profile),
    };
  });
  for (let first = 0; first < size; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, size - first) }, (_, i) => first + i);
    await pool.query(
      "insert into source_served (node, row_digest, profile_fingerprint) select * from unnest($1::bytea[], $2::bytea[], $3::bytea[])",
      [
        numbers.map(nodeOf),
        numbers.map((number) => served[number % served.length]?.digestOf(number)),
        numbers.map((number) => served[number % served.length]?.fingerprint),
      ],
    );
  }
  await pool.query("vacuum analyze source_served");
}

function rowOf(person: Person): SourceRow {
  return {
    wallet: person.address,
    profile: profileOf(person),
    texts: new Map(Object.keys(TEXTS).map((key) => [key, person.texts[key] ?? ""])),
    addresses: new Map(),
    contenthash: `0x${person.contenthash.toString("hex")}`,
  };
}
