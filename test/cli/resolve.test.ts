import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { Command } from "commander";
import { OUTCOME_EXIT_STATUS, resolveCommand } from "../../src/cli/resolve.js";
import { expectRejection } from "../expectError.js";
import { type ChainServer, serveChain } from "../lookup/chainServer.js";
import { answer } from "../lookup/loopbackServer.js";
import { ALICE, createScene, DOMAIN, RELAY, type Scene } from "../lookup/scene.js";

describe("signpost resolve", () => {
  let scene: Scene;
  let chain: ChainServer;

  before(async () => {
    scene = await createScene();
    chain = await serveChain();
  });
  beforeEach(() => scene.reset());
  after(async () => {
    await scene.close();
    await chain.close();
  });

  /** Runs the command as `signpost` does; its exit status does not become ours. */
  async function run(...args: string[]): Promise<{ text: string; exitStatus: number }> {
    let text = "";
    const program = new Command().exitOverride().configureOutput({
      writeOut: (output) => (text += output),
    });
    resolveCommand(program);
    const before = process.exitCode;
    await program.parseAsync(["resolve", ...args], { from: "user" });
    const exitStatus = Number(process.exitCode ?? 0);
    process.exitCode = before;
    return { text: stripVTControlCharacters(text), exitStatus };
  }

  const flags = () => ["--rpc", chain.url, "--registry", scene.ens.ensRegistry, "--allow-loopback"];

  it("prints a found profile with its relay nodes and checks; 0", async () => {
    const { text, exitStatus } = await run(ALICE, ...flags());
    expect(exitStatus).to.equal(0);
    expect(text).to.match(/^found {2}alice\.users\.example\.eth has a DM3 profile/);
    expect(text).to.match(/ok relay\.users\.example\.eth {2}https:\/\/relay\.example\/dm3/);
    expect(text).to.match(/ok wallet-signature {2}the profile is signed by 0x/);
  });

  it("prints the outcome itself with --json", async () => {
    const { text } = await run(ALICE, "--json", ...flags());
    expect(JSON.parse(text)).to.deep.equal(await scene.resolveAlice());
  });

  it("prints a relay node with --relay-node", async () => {
    const { text, exitStatus } = await run(RELAY, "--relay-node", ...flags());
    expect(exitStatus).to.equal(0);
    expect(text).to.match(/is the relay node at https:\/\/relay\.example\/dm3/);
  });

  it("refuses an address in place of a name, and asks nobody", async () => {
    const address = "0xc24aD2f1171A54E4d49289Bf838917fAB0101e99";
    await expectRejection(
      run(address, "--rpc", "http://127.0.0.1:1"),
      "INVALID_NAME",
      /^"0xc24aD2f1171A54E4d49289Bf838917fAB0101e99" is an Ethereum address, not an ENS name\./,
    );
  });

  it("tells absence, outage and forgery apart by exit status", async () => {
    const absent = await run(`nobody.${DOMAIN}`, ...flags());
    expect(absent.text).to.match(/^absent {2}.*has published no DM3 profile/);
    expect(absent.exitStatus).to.equal(3);

    scene.publish("hello");
    const untrusted = await run(ALICE, ...flags());
    expect(untrusted.text).to.match(/^untrusted {2}[^]* x profile-record/);
    expect(untrusted.exitStatus).to.equal(5);

    scene.gateway.handler = answer("", { status: 500 });
    await scene.setUrls(`${scene.gateway.url}/a`, `${scene.gateway.url}/b`);
    const unreachable = await run(ALICE, ...flags());
    expect(unreachable.text).to.match(/^unreachable {2}[^]* x http:\S+\/b: it answered HTTP 500/);
    expect(unreachable.exitStatus).to.equal(4);
    expect(Object.values(OUTCOME_EXIT_STATUS)).to.deep.equal([0, 3, 4, 5]);
  });

  it("takes the RPC node from RPC_URL, and asks for one where there is none", async () => {
    const before = process.env["RPC_URL"];
    delete process.env["RPC_URL"];
    await expectRejection(run(ALICE), "INVALID_REQUEST", /--rpc <url>, or set RPC_URL/);
    process.env["RPC_URL"] = chain.url;
    const [, , ...withoutRpc] = flags();
    const { exitStatus } = await run(ALICE, ...withoutRpc);
    if (before === undefined) delete process.env["RPC_URL"];
    else process.env["RPC_URL"] = before;
    expect(exitStatus).to.equal(0);
  });
});
