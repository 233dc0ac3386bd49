/**
 * `npm run bench:storage`: our storage beside the routes of dm3's backend, on one Postgres with synchronous commit, in turns. A login
 * with 100 conversations of 1,000 messages; 1,000 messages added in batches; and a login beside ten million rows of others. Writes
 * its figures into `ratios` of bench/results/latest.json; with --quick it only prints them. With --prisma also beside the same
 * statements by an ORM, for the table alone.
 */
import { parseArgs } from "node:util";
import { say } from "../progress.js";
import { makePeople } from "../relay/people.js";
import { type BenchPlace, inBenchPlace } from "../relay/place.js";
import { keepRatios } from "../report/results.js";
import { additions, logins } from "./cases.js";
import { FEW, type Findings, MANY, ratiosOf, tableOf } from "./figures.js";
import { fill, type Rows, USUAL_BYTES } from "./rows.js";
import {
  OURS,
  REFERENCE,
  startStorageServer,
  type StorageName,
  WITH_ORM,
} from "./storageServers.js";

const RESULTS = "latest.json";
const SHORT_BYTES = 100;
/** Behind one another, with short messages. */
const SHORT_LOGINS = 30;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** How many rows of others are kept beside; 0 leaves that case out. */
    kept: { type: "string", default: "10000000" },
    /** The statements of dm3's backend also by an ORM, a later one than it has. */
    prisma: { type: "boolean", default: false },
  },
});
const rounds = flags.quick ? 3 : 7;
const whole: Rows = flags.quick
  ? { conversations: 20, messages: 200, bytes: USUAL_BYTES, others: 0 }
  : { conversations: 100, messages: 1_000, bytes: USUAL_BYTES, others: 0 };
const adding = { messages: 1_000, inBatch: 100 };
const few: Rows = { conversations: 100, messages: 100, bytes: SHORT_BYTES, others: 0 };

await inBenchPlace(run);

async function run({ folder, databaseUrl, ...place }: BenchPlace): Promise<void> {
  const people = await makePeople({ regulars: 0, strangers: 0, receivers: 1 }, folder);
  const [user] = people.receivers;
  if (user === undefined) throw new Error("Nobody signs in.");
  const start = async (name: StorageName, schema: string, rows: Rows) => {
    say(`${name}: ${rows.conversations} conversations of ${rows.messages}, ${rows.others} others`);
    const places = { ...place, databaseUrl, peopleFile: people.file };
    const server = await place.start(schema, () => startStorageServer(name, places, schema, user));
    await fill(server, databaseUrl, user.name, rows);
    return server;
  };
  const sides = [];
  for (const [name, schema] of [
    [OURS, "storage_own"],
    [REFERENCE, "storage_reference"],
    ...(flags.prisma ? ([[WITH_ORM, "storage_by_orm"]] as const) : []),
  ] as const) {
    sides.push({ label: name, server: await start(name, schema, whole) });
  }
  say("logging in");
  const loggedIn = await logins(sides, user.name, whole.conversations, rounds);
  say("adding");
  const added = await additions(sides, user.name, adding, rounds);
  const others = Number(flags.kept);
  let kept: Findings["kept"] = null;
  if (others > 0) {
    const both = [
      { label: FEW, server: await start(OURS, "storage_few", few) },
      { label: MANY, server: await start(OURS, "storage_many", { ...few, others }) },
    ];
    const turns = await logins(both, user.name, few.conversations, rounds, SHORT_LOGINS);
    kept = { rows: others, logins: turns };
  }
  const findings = { logins: loggedIn, additions: added, kept };
  console.log(tableOf(findings));
  if (!flags.quick) await keepRatios(RESULTS, ratiosOf(findings));
}
