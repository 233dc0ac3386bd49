/** Our relay node, whole, with a table for ENS: the file of people is the argument. */
import { readFile } from "node:fs/promises";
import { relayTablesWanted } from "../../src/capabilities/relay/migrations.js";
import { startRelayService } from "../../src/capabilities/relay/relayService.js";
import { migrate } from "../../src/db/migrate.js";
import { openPool } from "../../src/db/pool.js";
import { nodeSecret } from "../../src/db/relay/nodeSecrets.js";
import { relayTables } from "../../src/db/relay/relayTables.js";
import { parseAddress } from "../../src/ens/address.js";
import { openSealing } from "../../src/installation/openSealing.js";

interface PeopleFile {
  readonly nodeSeeds: { readonly encryption: string; readonly signing: string };
  readonly persons: Readonly<Record<string, { readonly address: string; readonly profile: never }>>;
}

const [, , file = "", keyFile = ""] = process.argv;
const url = process.env["DATABASE_URL"] ?? "";
const { nodeSeeds, persons } = JSON.parse(await readFile(file, "utf8")) as PeopleFile;
const people = new Map(Object.entries(persons));
const key = { kind: "file", file: keyFile } as const;
const NOBODY = { address: null, profile: null, sentence: "There is nobody of that name." };
const UNBOUNDED = 1e9;

await keepSeeds();
const service = await startRelayService(
  {
    ...{ ensName: "relay.example.eth", url: null, basePath: "/ds", resolve: null },
    ...{ sizeLimit: 100_000, messageTtlDays: 90, formerKeyDays: 30, canary: null, lookup: null },
    mailbox: { mostMessages: UNBOUNDED, mostBytes: 1e12 },
    blobs: { mostBytes: 0, account: { mostBlobs: 0, mostBytes: 0 } },
    directory: {
      personOf: (name) => {
        const person = people.get(name);
        if (person === undefined) return Promise.resolve(NOBODY);
        const { address, profile } = person;
        return Promise.resolve({ address: parseAddress(address), profile, sentence: "" });
      },
    },
    wallets: {
      balanceOf: () => Promise.resolve(0n),
      nonceOf: () => Promise.resolve(0n),
      tokenBalanceOf: () => Promise.resolve(0n),
    },
    // one machine plays all senders
    senderBounds: {
      ...{ ofSenderToReceiver: UNBOUNDED, ofSender: UNBOUNDED, ofDomain: UNBOUNDED },
      ...{
        ofDomainToReceiver: UNBOUNDED,
        newNamesOfDomain: UNBOUNDED,
        newDomains: UNBOUNDED,
      },
    },
  },
  {
    ...{ host: "127.0.0.1", port: 0 },
    database: { url, standbyUrls: [], pooler: "none" },
    wrappingKeys: { key, formerKeys: [] },
    reportFailure: (error) => {
      console.error(error.message);
    },
  },
);
console.log(`It listens on ${service.url}`);
process.once("SIGTERM", () => void service.stop().then(() => process.exit(0)));

/** So that its keys are those that the envelopes are for. */
async function keepSeeds(): Promise<void> {
  const pool = openPool({ url, maxConnections: 2 });
  const sealing = await openSealing(pool, { key, formerKeys: [] });
  const { schema } = await migrate(pool, await relayTablesWanted());
  for (const [name, seed] of Object.entries(nodeSeeds)) {
    const make = () => new Uint8Array(Buffer.from(seed, "hex"));
    await nodeSecret(pool, relayTables(schema), sealing.secrets, `${name}-seed`, make);
  }
  sealing.close();
  await pool.end();
}
