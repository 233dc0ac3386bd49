/**
 * A relay node as it is built, with a Postgres and an ENS of its own; fifty people write through it while clients come and go,
 * connections are cut, the process is killed with -9 and its Postgres is stopped. At the end the sets of ids are compared:
 * what was accepted, and what the receivers' apps were given.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../../src/demo/freePort.js";
import { startLocalChain } from "../../../src/demo/localChain.js";
import type { DeliveryServiceProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_DELIVERY_SERVICE_KEY } from "../../../src/dm3/profile/profileRecord.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../../test/childProgram.js";
import { startPostgres } from "../../../test/faults/postgresServer.js";
import { deployEns } from "../../../test/lookup/localEns.js";
import type { MemorySample } from "../flatness.js";
import { type Client, client } from "./clients.js";
import { startCuttableProxy } from "./cuttableProxy.js";
import { type Fault, type FaultKind, happen, runFaults } from "./faults.js";
import { agree, type Differences, type Ledger, ledger } from "./ledger.js";
import { nodeProcess } from "./nodeProcess.js";
import { publishPeople } from "./people.js";
import { startRememberingRpc } from "./rememberingRpc.js";
import { sendAll, type Submits } from "./senders.js";

export interface RelaySoakOptions {
  readonly messages: number;
  readonly senders: number;
  readonly receivers: number;
  readonly faults: readonly Fault[];
  /** How long a client stays, and is away, at most. */
  readonly mostMs: { readonly there: number; readonly away: number };
  readonly onProgress: (share: number, note: string) => void;
}

export interface RelaySoakReport extends Differences {
  readonly again: Submits["again"];
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly cuts: number;
  /** How often clients came. */
  readonly visits: number;
  readonly sendingSec: number;
  /** Until the last message was delivered, once all was sent. */
  readonly emptyingSec: number;
  /** While people wrote; since the relay node began. */
  readonly residentSamples: readonly MemorySample[];
  readonly heapSamples: readonly MemorySample[];
  /** When the first quarter was decided, and when all was. */
  readonly quarterMs: number;
  readonly sentMs: number;
  /** Of the table of messages, with its indexes, while their bodies were still there. */
  readonly database: DatabaseFigures;
  readonly defects: readonly string[];
  readonly isWell: boolean;
}

interface DatabaseFigures {
  readonly rows: number;
  readonly waiting: number;
  readonly tableBytes: number;
  readonly toastBytes: number;
  readonly indexBytes: number;
}

const RELAY_NODE = "relay.soak.eth";
const LONGEST_EMPTYING_MS = 600_000;
const PROGRESS_MS = 500;

export async function runRelaySoak(options: RelaySoakOptions): Promise<RelaySoakReport> {
  const { messages, onProgress } = options;
  onProgress(0, "starting a chain, Postgres and the relay node");
  const chain = await startLocalChain();
  const ens = await deployEns();
  const rpc = await startRememberingRpc(chain.rpcUrl);
  // as it would be in production: what is answered was written
  const postgres = await startPostgres("fsync=on");
  const folder = await temporaryFolder();
  const port = await freePort();
  const proxy = await startCuttableProxy(port);
  const url = `${proxy.origin}/ds`;
  const work = join(folder, "node");
  await mkdir(work);
  await makeKeyFile(join(folder, "secrets.key"));
  const node = nodeProcess(
    {
      ...{ DATABASE_URL: postgres.url, PORT: String(port) },
      CHAIN_RPC_URLS: `${chain.chainId}=${rpc.url}`,
      SECRETS_KEY_LOCATION: `file:${join(folder, "secrets.key")}`,
      RELAY_ENS_NAME: RELAY_NODE,
      RELAY_URL: url,
      RELAY_ENS_CHAIN: String(chain.chainId),
      RELAY_ENS_REGISTRY: ens.ensRegistry,
      RELAY_ALLOW_LOOPBACK: "true",
    },
    work,
  );
  try {
    await node.start();
    await ens.setResolver(RELAY_NODE, ens.publicResolver);
    const record = await node.record();
    await ens.setText(RELAY_NODE, DM3_DELIVERY_SERVICE_KEY, record);
    const relayNode = { name: RELAY_NODE, profile: profileIn(record) };
    onProgress(0, "publishing profiles in ENS");
    const senders = await publishPeople(ens, RELAY_NODE, "sender", options.senders);
    const receivers = await publishPeople(ens, RELAY_NODE, "receiver", options.receivers);
    const [unwanted, nobody] = await publishPeople(ens, RELAY_NODE, "stranger", 2);
    if (unwanted === undefined || nobody === undefined) throw new Error("Strangers are missing.");

    rpc.forget();

    const book = ledger();
    const clients = receivers.map((person, index) =>
      client(person, index % 2 === 0, {
        ens: { rpc: rpc.url, ensRegistry: ens.ensRegistry },
        ...{ ledger: book, mostMs: options.mostMs },
      }),
    );
    // makes the accounts
    for (const one of clients) await one.empty();
    await clients[0]?.block(unwanted.name);
    for (const one of clients) one.begin();

    const share = () => book.decided() / messages;
    const ending = new AbortController();
    const parts = { node, postgres, proxy };
    const running = runFaults(parts, options.faults, share, ending.signal);
    running.catch(() => undefined);
    const startedMs = Date.now();
    const samplesFromMs = node.residentSamples.at(-1)?.atMs ?? 0;
    let quarterMs = 0;
    const submits: Submits = { again: { later: 0, unreachable: 0 } };
    const progress = setInterval(() => {
      if (quarterMs === 0 && share() >= 0.25) quarterMs = samplesFromMs + Date.now() - startedMs;
      const { accepted, delivered } = book.differences();
      onProgress(share(), `${accepted} accepted, ${delivered} delivered`);
    }, PROGRESS_MS);
    await sendAll(
      { ...{ senders, receivers, unwanted, nobody, relayNode, messages }, ledger: book },
      submits,
    ).finally(() => {
      clearInterval(progress);
    });
    const sendingMs = Date.now() - startedMs;
    const sentMs = samplesFromMs + sendingMs;
    const residentSamples = [...node.residentSamples];
    const heapSamples = [...node.heapSamples];
    const database = await figuresOf(postgres.url);
    ending.abort();
    const happened = [...(await running)];

    // whatever waits now is only on the disk
    await happen(parts, "node killed");
    happened.push("node killed");
    const emptiedFromMs = Date.now();
    await untilDelivered(clients, book);
    onProgress(1, "all is delivered");
    await node.stop();

    const differences = book.differences();
    const { defects } = node;
    return {
      ...{ ...differences, again: submits.again, cuts: proxy.cuts() },
      faults: countsOf(happened),
      visits: clients.reduce((sum, { visits }) => sum + visits(), 0),
      sendingSec: sendingMs / 1000,
      emptyingSec: (Date.now() - emptiedFromMs) / 1000,
      ...{ residentSamples, heapSamples, quarterMs, sentMs, database, defects },
      isWell: agree(differences) && book.decided() === messages && defects.length === 0,
    };
  } finally {
    await node.kill().catch(() => undefined);
    await proxy.close();
    await postgres.remove();
    await removeFolder(folder);
    await rpc.close();
    await chain.stop();
  }
}

/** Of a record as a data URI. */
function profileIn(record: string): DeliveryServiceProfile {
  return JSON.parse(record.slice(record.indexOf(",") + 1)) as DeliveryServiceProfile;
}

/** Clients end, and take what is left. */
async function untilDelivered(
  clients: readonly Client[],
  book: Pick<Ledger, "missing">,
): Promise<void> {
  const all = (what: "end" | "empty") => Promise.all(clients.map((one) => one[what]()));
  await all("end");
  const deadlineMs = Date.now() + LONGEST_EMPTYING_MS;
  const missing = () => book.missing().length;
  while (missing() > 0 && Date.now() < deadlineMs) {
    await all("empty");
    await delay(100);
  }
  // whoever comes once more is given nothing again
  await all("empty");
}

function countsOf(happened: readonly FaultKind[]): Record<FaultKind, number> {
  const counts = { "node killed": 0, "Postgres stopped": 0, "Postgres killed": 0 };
  for (const kind of happened) counts[kind]++;
  return counts;
}

async function figuresOf(url: string): Promise<DatabaseFigures> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: places } = await client.query<{ name: string }>(
      `select format('%I.message', table_schema) as name from information_schema.tables
       where table_name = 'mailbox_share'`,
    );
    const name = places[0]?.name ?? "";
    const { rows } = await client.query<Record<keyof DatabaseFigures, string>>(
      `select count(*) as rows, count(envelope) as waiting,
         pg_relation_size($1::regclass) as "tableBytes",
         pg_table_size($1::regclass) - pg_relation_size($1::regclass) as "toastBytes",
         pg_indexes_size($1::regclass) as "indexBytes"
       from ${name}`,
      [name],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("The table of messages is not there.");
    return {
      ...{ rows: Number(row.rows), waiting: Number(row.waiting) },
      ...{ tableBytes: Number(row.tableBytes), toastBytes: Number(row.toastBytes) },
      indexBytes: Number(row.indexBytes),
    };
  } finally {
    await client.end();
  }
}
