/** Every server under test answers, from the same rows, what the benchmark holds it to; over real HTTP. */
import { expect } from "chai";
import { namehash } from "ethers";
import pg from "pg";
import { openWorld, type World } from "../../bench/cases/world.js";
import { type Dataset, readNameLines, withFirstNames } from "../../bench/data/dataset.js";
import { nameOf, scattered } from "../../bench/data/names.js";
import { MULTICALL_QUERY, PROFILE_QUERY } from "../../bench/data/query.js";
import { findLoadTool } from "../../bench/load/loadTool.js";
import { assertCorrect, type Contestant } from "../../bench/measure/contestant.js";
import { takeTurn } from "../../bench/measure/round.js";
import { readOptions } from "../../bench/options.js";
import type { RunningServer } from "../../bench/servers/serverProcess.js";
import { type PeerPackage, startPeer } from "../../bench/servers/servers.js";
import { expectRejection } from "../expectError.js";

const NAMES = 300;

describe("bench servers", function () {
  this.timeout(360_000);
  let world: World;
  let dataset: Dataset;
  const servers = new Map<PeerPackage, RunningServer>();

  before(async () => {
    world = await openWorld(readOptions([]));
    dataset = await world.dataset(NAMES);
    const surroundings = await world.surroundings(dataset);
    for (const peer of [
      "@resolverworks/ezccip",
      "@namestone/ezccip",
      "@chainlink/ccip-read-server",
    ] as const) {
      servers.set(peer, await startPeer(peer, surroundings));
    }
  });
  after(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    await world.close();
  });

  const contestant = (peer: PeerPackage, query = PROFILE_QUERY): Contestant => {
    const server = servers.get(peer);
    if (server === undefined) throw new Error(`${peer} was not started`);
    return { name: peer, server, dataset, query, asked: 0 };
  };

  it("find every name in the database, as it is in the list for the load generator", async () => {
    const client = new pg.Client({ connectionString: dataset.url });
    await client.connect();
    const { rows } = await client.query<{ name: string; node: Buffer; texts: object }>(
      "select name, node, texts from name order by name",
    );
    await client.end();
    expect(rows.length).to.equal(NAMES);
    for (const { name, node } of rows) {
      expect(`0x${node.toString("hex")}`).to.equal(namehash(name));
    }
    const lines = await readNameLines(dataset, 0, NAMES);
    for (const [position, line] of lines.entries()) {
      const name = nameOf(scattered(position, NAMES));
      const label = Buffer.from(name.slice(0, name.indexOf("."))).toString("hex");
      expect(line).to.equal(`${label} ${namehash(name).slice(2)}`);
    }
  });

  it("answer the profile, signed by the key of all", async () => {
    for (const peer of servers.keys()) await assertCorrect(contestant(peer), world.signer);
  });

  it("answer eight records at once, but for the one that knows no multicall", async () => {
    for (const peer of ["@resolverworks/ezccip", "@namestone/ezccip"] as const) {
      await assertCorrect(contestant(peer, MULTICALL_QUERY), world.signer);
    }
    const unable = contestant("@chainlink/ccip-read-server", MULTICALL_QUERY);
    await expectRejection(assertCorrect(unable, world.signer), "INTERNAL", /status 500/);
  });

  it("are not measured when they say something else or another key signed it", async () => {
    const honest = contestant("@resolverworks/ezccip");
    const wrongKey = "0x000000000000000000000000000000000000dEaD";
    await expectRejection(assertCorrect(honest, wrongKey), "INTERNAL", /signed it, not 0x0+dEaD/);
    const query = { ...PROFILE_QUERY, expected: () => "0x1234" };
    const other = assertCorrect({ ...honest, query }, world.signer);
    await expectRejection(other, "INTERNAL", /its result is 0x.*, not 0x1234/);
  });

  it("are measured with autocannon where there is no wrk: every name in turn, and round again", async () => {
    const tool = await findLoadTool("wrk-is-not-installed");
    expect(tool.name).to.match(/^autocannon \d/);
    const few = await withFirstNames(dataset, 7);
    const peer = { ...contestant("@resolverworks/ezccip"), dataset: few, asked: 5 };
    const turn = await takeTurn(peer, 1, { ...world.instruments, tool });
    expect(turn.requests).to.be.greaterThan(7);
    expect(peer.asked).to.equal(5 + turn.requests + world.instruments.connections);
    if (process.platform === "linux") {
      expect(turn.cpuUsPerRequest).to.be.greaterThan(1);
      expect(turn.peakRssBytes).to.be.greaterThan(2 ** 20);
      expect(turn.processes).to.equal(1);
    }
  });

  it("are not measured when they fail", async () => {
    const peer = contestant("@chainlink/ccip-read-server", MULTICALL_QUERY);
    await expectRejection(takeTurn(peer, 1, world.instruments), "INTERNAL", /failed \d+ of/);
  });
});
