/** The relay nodes of the benchmark keep, hand over and forget the same letters; and what figures come of rounds. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import pg from "pg";
import { acknowledgeAll, COLD, fill, type Rounds } from "../../bench/relay/cases.js";
import { ratiosOf, tableOf } from "../../bench/relay/figures.js";
import { FEW_KEPT, MANY } from "../../bench/relay/keptCase.js";
import { type Letter, writeLetters } from "../../bench/relay/letters.js";
import { makePeople, type People } from "../../bench/relay/people.js";
import type { Measured } from "../../bench/relay/posting.js";
import {
  OURS,
  type RelayServer,
  SHIPPED,
  startRelayServer,
  TUNED,
} from "../../bench/relay/relayServers.js";
import { compilePrograms } from "../../bench/servers/compilePrograms.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { expectRejection } from "../expectError.js";

const OWN_FOLDER = fileURLToPath(new URL("../../.signpost", import.meta.url));

describe("bench relay nodes", function () {
  this.timeout(360_000);
  let database: ScratchDatabase;
  let folder: string;
  let programs: string;
  let people: People;
  let letters: readonly Letter[];
  const servers: RelayServer[] = [];

  before(async () => {
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    programs = await compilePrograms(OWN_FOLDER);
    people = await makePeople({ regulars: 2, strangers: 0, receivers: 1 }, folder);
    letters = await writeLetters(people, people.regulars, people.receivers, 6);
    const keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
    const places = { databaseUrl: database.url, programs, peopleFile: people.file, keyFile };
    for (const [name, part] of [
      [OURS, "own"],
      [SHIPPED, "shipped"],
      [TUNED, "tuned"],
    ] as const) {
      const schema = `${database.schema}_${part}`;
      await query(`create schema ${schema}`);
      servers.push(await startRelayServer(name, places, schema));
    }
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(programs, { recursive: true, force: true });
    await removeFolder(folder);
    await database.close();
  });

  async function query(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  async function waiting({ url }: RelayServer, name: string, token: string) {
    const response = await fetch(`${url}/delivery/messages/incoming/${name}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.json()) as { metadata: Record<string, unknown>; postmark: string }[];
  }

  it("keep, hand over and forget the same letters", async () => {
    const [receiver] = people.receivers;
    if (receiver === undefined) throw new Error("Nobody reads.");
    for (const server of servers) {
      const token = await server.signIn(receiver);
      const mailbox = { server, name: receiver.name, token };
      await fill(mailbox, letters);
      const kept = await waiting(server, receiver.name, token);
      expect(
        kept.map(({ metadata }) => metadata["encryptedMessageHash"]),
        server.name,
      ).to.have.members(letters.map(({ hash }) => hash));
      expect(kept.every(({ postmark }) => postmark.includes("ephemPublicKey"))).to.equal(true);
      const measured = await acknowledgeAll(mailbox, letters.slice(1));
      expect(measured.perSec).to.be.above(0);
      expect(await waiting(server, receiver.name, token), server.name).to.have.length(1);
    }
  });

  it("are not measured when they refuse", async () => {
    for (const server of servers) {
      const mailbox = { server, name: "", token: "" };
      const [letter] = letters;
      const broken = { hash: "", from: "", body: letter!.body.replace("metadata", "meta") };
      await expectRejection(fill(mailbox, [broken]), "INTERNAL", /answered with status 400/);
    }
  });
});

describe("bench relay figures", () => {
  const round = (perSec: number, cpuMs: number | null = 1): Measured => ({
    ...{ perSec, elapsedSec: 1 / perSec, cpuMs, p50Ms: 1, p99Ms: 2 },
  });
  const rounds = (of: Readonly<Record<string, readonly Measured[]>>): Rounds =>
    new Map(Object.entries(of).map(([label, measured]) => [label, measured]));
  const findings = {
    submitted: rounds({
      [OURS]: [round(900, 0.4), round(1_000, 0.5), round(1_100, 0.6)],
      [COLD]: [round(600), round(500), round(400)],
      [SHIPPED]: [round(20), round(25), round(40)],
      [TUNED]: [round(300), round(500), round(550)],
    }),
    fetched: rounds({ [OURS]: [round(90)], [SHIPPED]: [round(30)] }),
    acknowledged: rounds({ [OURS]: [round(20)], [SHIPPED]: [round(0.1)] }),
    longConversation: { messages: 10_000, elapsedMs: 900 },
    kept: {
      most: 1_000_000,
      submits: rounds({ [MANY]: [round(95)], [FEW_KEPT]: [round(100)] }),
      fetches: rounds({ [MANY]: [round(92)], [FEW_KEPT]: [round(100)] }),
    },
  };

  it("take the middle of the ratios of each round, cold against shipped, warm against tuned", () => {
    expect(ratiosOf(findings)).to.deep.equal({
      ...{ relayVsReference: 20, relayVsTunedReference: 2, relayCpuMs: 0.5 },
      ...{ relayFetchVsReference: 3, relayAckVsReference: 200, relay1e6Vs1e4: 0.92 },
    });
  });

  it("name no figure for another number of kept messages, or for none", () => {
    const other = { ...findings.kept, most: 100_000 };
    expect(ratiosOf({ ...findings, kept: other }).relay1e6Vs1e4).to.equal(null);
    expect(ratiosOf({ ...findings, kept: null }).relay1e6Vs1e4).to.equal(null);
  });

  it("stand in the table with what was wanted", () => {
    const table = tableOf(findings);
    expect(table).to.match(/against dm3 as shipped: 20\.0 \(10\.0 to 30\.0; at least 25\)/);
    expect(table).to.include("1000000 kept against 10000: 0.92");
  });
});
