/**
 * A process that changes names in the database of its argument as fast as it can, whatever fails, until it is told
 * to stop on its standard input. Then it makes one last change, tells how it went, and ends.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fromDatabase } from "../../src/db/databaseError.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { recordSource } from "../../src/db/recordSource.js";
import { inTransaction } from "../../src/db/transaction.js";
import { isSignpostError } from "../../src/errors.js";
import { putName } from "./putName.js";
import { sampleName } from "./sampleNames.js";

const pool = openPool({
  url: process.argv[2] ?? "",
  maxConnections: 8,
  connectTimeoutMs: 1_000,
  statementTimeoutMs: 2_000,
  applicationName: "writer",
});
const store = nameStore(pool);
const source = recordSource(pool);
const counts: Record<string, number> = {};
let stopping = false;
const isStopping = () => stopping;

async function work(step: () => Promise<unknown>): Promise<void> {
  while (!isStopping()) {
    const outcome = await step().then(
      () => "done",
      (error: unknown) => (isSignpostError(error) ? error.code : String(error)),
    );
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcome !== "done") await delay(2);
  }
}

const name = (writer: number) => sampleName(`writer-${writer}`);
const writers = Array.from({ length: 12 }, (_, writer) => work(() => putName(store, name(writer))));
const transactions = Array.from({ length: 4 }, () =>
  work(() => inTransaction(pool, (connection) => fromDatabase(connection.query("select 1")))),
);
const readers = Array.from({ length: 4 }, () => work(() => source.recordsOf(name(0).node)));

process.stdout.write("working\n");
await once(process.stdin, "data");
stopping = true;
await Promise.all([...writers, ...transactions, ...readers]);
const last = sampleName("last");
await putName(store, last);
const answers = (await source.recordsOf(last.node)) !== null;
process.stdout.write(`${JSON.stringify({ answers, counts })}\n`);
process.exit(0);
