/** A process that migrates the database of its argument when told so on its standard input. */
import { once } from "node:events";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { migrate } from "../../src/db/migrate.js";
import { openPool } from "../../src/db/pool.js";

const pool = openPool({ url: process.argv[2] ?? "", maxConnections: 1 });
process.stdout.write("loaded\n");
await once(process.stdin, "data");
process.stdout.write(`${JSON.stringify((await migrate(pool, await registryTables())).applied)}\n`);
await pool.end();
process.exit(0);
