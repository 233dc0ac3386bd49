/** The command, on a relay node of dm3's libraries, with a real ENS. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { Command } from "commander";
import { VERDICT_EXIT_STATUS } from "../../../src/cli/node/check.js";
import { nodeCommand } from "../../../src/cli/node/nodeCommand.js";
import { VERDICTS } from "../../../src/conformance/examineRelayNode.js";
import { connectionDetails, startDemoWorld } from "../../../src/demo/demoWorld.js";
import type { Line } from "../../../src/doctor/line.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { createNodeWorld, type NodeWorld } from "../../dm3-node/nodeWorld.js";
import { expectRejection } from "../../expectError.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { deadUrl } from "../../lookup/loopbackServer.js";

describe("signpost node check", () => {
  let world: NodeWorld;
  let chain: ChainServer;
  let folder: string;
  let accounts: readonly string[];

  before(async function () {
    this.timeout(180_000);
    world = await createNodeWorld();
    chain = await serveChain();
    folder = await temporaryFolder();
    const keysOf = async (person: "alice" | "bob") => {
      const file = join(folder, `${person}.json`);
      await writeFile(file, JSON.stringify(people[person].keys));
      return file;
    };
    accounts = [
      ...["--sender", "alice.eth", "--sender-keys", await keysOf("alice")],
      ...["--receiver", "bob.eth", "--receiver-keys", await keysOf("bob")],
    ];
  });
  after(async () => {
    await world.close();
    await chain.close();
    await removeFolder(folder);
  });

  async function run(...args: string[]): Promise<{ text: string; exitStatus: number }> {
    let text = "";
    const program = new Command().exitOverride().configureOutput({
      writeOut: (output) => (text += output),
      writeErr: () => undefined,
    });
    nodeCommand(program);
    const before = process.exitCode;
    const lookup = ["--rpc", chain.url, "--registry", world.ens.ensRegistry];
    await program.parseAsync(["node", "check", ...args, "--allow-loopback", ...lookup], {
      from: "user",
    });
    const exitStatus = Number(process.exitCode ?? 0);
    process.exitCode = before;
    return { text: stripVTControlCharacters(text), exitStatus };
  }

  it("prints aligned lines, and advice where something is wrong; 0, 4, 6, 7", async () => {
    const [{ url }] = world.nodes;
    const warned = await run(url, "--name", "ds.example.eth");
    expect(warned.exitStatus).to.equal(6);
    expect(warned.text).to.match(/^ok url-form +clients can put their paths behind it\n/);
    expect(warned.text).to.match(/\n! {2}rpc-at-url .*\n +-> Answer calls at the URL as at \/rpc/);
    expect(warned.text).to.match(/\n- {2}sign-in +no accounts were given/);
    expect(warned.text).to.match(/\nwarnings {2}http:\/\/127\.0\.0\.1:\d+: \d+ passed/);
    expect(warned.text).to.match(/\nNo message was sent: that takes two accounts, .*\n$/);

    const wrongName = await run(url, "--name", "fallback-ds.example.eth");
    expect(wrongName.exitStatus).to.equal(7);
    expect(wrongName.text).to.match(/\nx {2}record-url +the record leads senders to http/);

    const dead = await run(await deadUrl());
    expect(dead.exitStatus).to.equal(4);
    expect(Object.keys(VERDICT_EXIT_STATUS)).to.deep.equal([...VERDICTS]);
  });

  it("sends messages between two accounts, and prints JSON", async function () {
    this.timeout(180_000);
    const [{ url }] = world.nodes;
    const { text, exitStatus } = await run(
      ...[url, "--name", "ds.example.eth", ...accounts, "--json", "--timeout", "60"],
    );
    const { verdict, lines } = JSON.parse(text) as { verdict: string; lines: Line[] };
    expect(verdict).to.equal("warnings");
    expect(exitStatus).to.equal(6);
    expect(lines.find(({ id }) => id === "acknowledge")?.status).to.equal("passed");
    expect(lines.filter(({ status }) => status === "skipped")).to.deep.equal([]);
  });

  it("takes the URL from the record where none is given", async () => {
    const { text, exitStatus } = await run("--name", "ds.example.eth", "--json");
    expect((JSON.parse(text) as { url: string }).url).to.equal(world.nodes[0].url);
    expect(exitStatus).to.equal(6);
    await expectRejection(run("--name", "nobody.eth"), "NOT_FOUND", /nobody\.eth/);
  });

  it("refuses halves of accounts, names without a profile, and unreadable keys", async () => {
    const [{ url }] = world.nodes;
    const [, , , keys = ""] = accounts;
    await expectRejection(run(url, "--sender", "alice.eth"), "INVALID_REQUEST", /two accounts/);
    await expectRejection(run(url, ...accounts), "INVALID_REQUEST", /--name/);
    await expectRejection(
      run(url, ...accounts, "--name", "ds.example.eth", "--sender", "nobody.eth"),
      "NOT_FOUND",
      /nobody\.eth/,
    );
    await expectRejection(
      run(url, ...accounts, "--name", "ds.example.eth", "--sender-keys", `${keys}x`),
      "INVALID_REQUEST",
      /key file/,
    );
    await expectRejection(run(url, "--timeout", "soon"), "INVALID_REQUEST", /whole seconds/);
    await expectRejection(run(), "INVALID_REQUEST", /URL, or its --name/);
    await expectRejection(run("ds.example.eth"), "INVALID_REQUEST", /give --name ds\.example\.eth/);
    const demo = join(folder, "demo.json");
    await writeFile(demo, "{}");
    await expectRejection(run("--demo", demo), "INVALID_REQUEST", /npm run demo/);
  });

  // last: the demo takes the place of the chain that this process had
  it("makes its accounts in a running demo, whose relay node passes every check", async function () {
    this.timeout(360_000);
    const demo = await startDemoWorld({
      ...{ rpcPort: 0, httpPort: 0, databaseUrl: process.env["DATABASE_URL"] },
      ...{ withRelayNodes: true, onStep: () => undefined, reportFailure: () => undefined },
    });
    const file = join(folder, "running.json");
    await writeFile(file, JSON.stringify(connectionDetails(demo)));
    const { text, exitStatus } = await run("--demo", file, "--json");
    await demo.stop();
    const { lines } = JSON.parse(text) as { lines: Line[] };
    expect(lines.filter(({ status }) => status !== "passed")).to.deep.equal([]);
    expect(exitStatus).to.equal(0);
  });
});
