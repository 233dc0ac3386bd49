/** `signpost signer rotate --finish` with somebody at the terminal: what changed before their yes counts. */
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { Contract } from "ethers";
import { RESOLVER_ABI } from "../../../src/chain/resolverState.js";
import { rotateCommand } from "../../../src/cli/signer/rotateCommand.js";
import { expectRejection } from "../../expectError.js";
import { newAddress } from "../resolver/adminWorld.js";
import { runCommand, sayingYesAfter } from "../resolver/runResolver.js";
import { bentNode, failingAfter, isCall, type Question } from "./bentNode.js";
import { type RotationWorld, startRotationWorld } from "./rotationWorld.js";

describe("signpost signer rotate --finish, before a yes", function () {
  this.timeout(360_000);
  const [old, next] = [newAddress(), newAddress()];
  const settingsBefore = process.env;
  let world: RotationWorld;
  let own: string;
  let admin: string;

  beforeEach(async () => {
    world = await startRotationWorld();
    [admin = ""] = world.accounts;
    own = await world.serve("a.eth", { owner: admin, signers: [old, next] });
    await world.note(next, 1);
    process.env = {
      ...settingsBefore,
      DATABASE_URL: world.database.url,
      CHAIN_RPC_URLS: `31337=${world.chain.rpcUrl}`,
    };
  });
  afterEach(async () => {
    process.env = settingsBefore;
    await world.stop();
  });

  /** @param meanwhile what happens while the question waits for its yes */
  function finish(meanwhile: () => Promise<unknown>) {
    const args = ["--finish", old, "--rpc-account", admin, "--although-unreachable"];
    return runCommand(rotateCommand, ["signer", "rotate", ...args], sayingYesAfter(meanwhile));
  }

  it("removes it where nothing changed: 0", async () => {
    const { exitStatus, err } = await finish(() => Promise.resolve());
    expect(exitStatus, err).to.equal(0);
    expect(await world.signersOf(own)).to.deep.equal([next]);
  });

  it("sends nothing once a gateway signs by the old one again: 1", async () => {
    const { exitStatus, out, err } = await finish(() => world.note(old, 1));
    expect(exitStatus, err).to.equal(1);
    expect(err).to.match(/Nothing was sent: a gateway on this database signed by/);
    // and names no command that removes it without looking
    expect(out)
      .to.include(`Once that is mended, run this again:\n  chain 31337: ${own}\n`)
      .and.not.include("signers remove");
    expect(await world.signersOf(own)).to.deep.equal([old, next]);
  });

  it("sends nothing once the resolver lost the one by whom gateways sign: 1", async () => {
    const { exitStatus, err } = await finish(async () => {
      const contract = new Contract(own, RESOLVER_ABI, world.chain.admin);
      // the last one cannot be removed
      const others = [
        ["addSigner", newAddress()],
        ["removeSigner", next],
      ] as const;
      for (const [change, signer] of others) {
        await (await contract.getFunction(change).send(signer)).wait();
      }
    });
    expect(exitStatus, err).to.equal(1);
    expect(err).to.include("Nothing was sent: meanwhile something else changed on the chain");
    expect(await world.signersOf(own)).to.include(old);
  });

  it("sends nothing where somebody else owns the resolver since the last look but one: 1", async () => {
    const node = await bentNode(world.chain.rpcUrl);
    process.env["CHAIN_RPC_URLS"] = `31337=${node.url}`;
    const owner = RESOLVER_ABI.getFunction("owner")?.selector ?? "";
    let looks = 0;
    const { exitStatus, err } = await finish(() => {
      node.bend = (question) => {
        if (!isCall(question, own, owner)) return null;
        looks += 1;
        return looks === 1 ? null : { result: `0x${newAddress().slice(2).padStart(64, "0")}` };
      };
      return Promise.resolve();
    });
    expect(exitStatus, err).to.equal(1);
    expect(err).to.match(/Nothing was sent: meanwhile 0x\w+ owns the resolver/);
    expect(await world.signersOf(own)).to.deep.equal([old, next]);
    await node.close();
  });

  it("calls no key good for nothing that a resolver takes which is served since: 1", async () => {
    let since = "";
    const { exitStatus, out } = await finish(async () => {
      since = await world.serve("bb.eth", { owner: admin, signers: [old, next] });
    });
    expect(exitStatus, out).to.equal(1);
    expect(out)
      .to.include(`signpost resolver signers remove ${old} --resolver ${since}`)
      .and.not.include("good for nothing");
  });

  it("tells what was sent and is not known to stand where the database fails since", async () => {
    const node = await bentNode(world.chain.rpcUrl);
    process.env["CHAIN_RPC_URLS"] = `31337=${node.url}`;
    node.bend = (question) =>
      question.method === "eth_sendTransaction" ? failingWithDatabase(question) : null;
    const failingWithDatabase = async (question: Question) => {
      await world.database.pool.query("drop table resolver cascade");
      return failingAfter(question, world.chain.provider);
    };
    const errors: string[] = [];
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const onErr = (text: string) => {
      errors.push(text);
      if (text.includes("[y/N]")) input.write("y\n");
    };
    const args = ["--finish", old, "--rpc-account", admin, "--although-unreachable"];
    const running = runCommand(rotateCommand, ["signer", "rotate", ...args], { input, onErr });
    await expectRejection(running, "INTERNAL", /The database refused a statement/);
    expect(errors.join("")).to.include(
      `Look for it before you run this again:\n  chain 31337: ${own}`,
    );
    await node.close();
  });

  it("tells what was sent where the next question gets no answer: 1", async () => {
    await world.serve("bb.eth", { owner: admin, signers: [old, next] });
    const input = Object.assign(new PassThrough(), { isTTY: true });
    let questions = 0;
    const onErr = (text: string) => {
      if (!text.includes("[y/N]")) return;
      questions += 1;
      if (questions === 1) input.write("y\n");
      else input.end();
    };
    const args = ["--finish", old, "--rpc-account", admin, "--although-unreachable"];
    const ran = await runCommand(rotateCommand, ["signer", "rotate", ...args], { input, onErr });
    expect(ran.exitStatus, ran.err).to.equal(1);
    expect(ran.out)
      .to.match(/0x\w{40} +no /)
      .and.match(/0x\w{40} +yes /)
      .and.include("signpost resolver signers remove");
  });
});
