/** `signpost signer rotate`: over two resolvers, one of them somebody else's, on a real chain. */
import { expect } from "chai";
import { newAddress } from "../resolver/adminWorld.js";
import { type RotationWorld, startRotationWorld } from "./rotationWorld.js";

describe("signpost signer rotate", function () {
  this.timeout(360_000);
  const [old, next] = [newAddress(), newAddress()];
  let world: RotationWorld;
  let [admin, stranger] = ["", ""];
  let own: string;
  let foreign: string;
  let asAdmin: readonly string[];
  let asStranger: readonly string[];

  before(async () => {
    world = await startRotationWorld();
    [admin = "", stranger = ""] = world.accounts;
    asAdmin = ["--rpc-account", admin, "--yes"];
    asStranger = ["--rpc-account", stranger, "--yes"];
  });
  after(() => world.stop());

  const addTo = (resolver: string) => `resolver signers add ${next} --resolver ${resolver}\n`;
  const removeFrom = (resolver: string) =>
    `resolver signers remove ${old} --resolver ${resolver}\n`;

  it("proves nothing where nothing is served: 1", async () => {
    const { exitStatus, stdout } = await world.rotate([next]);
    expect(exitStatus).to.equal(1);
    expect(stdout).to.equal("No resolver is served here, so there was nobody to ask.\n");
  });

  it("takes either a new signer or an old one", async () => {
    for (const args of [[], [next, "--finish", old]]) {
      const { exitStatus, output } = await world.rotate(args);
      expect(exitStatus).to.equal(2);
      expect(output).to.include("Give either the new signer's address, or --finish");
    }
  });

  describe("a new signer", () => {
    before(async () => {
      own = await world.serve("a.eth", { owner: admin, signers: [old] });
      foreign = await world.serve("bb.eth", { owner: stranger, signers: [old] });
    });

    it("without an account, names each resolver's owner and the command that they run: 1", async () => {
      const before = await world.transactionsBy(admin);
      const { exitStatus, stdout, output } = await world.rotate([next]);
      expect(exitStatus, output).to.equal(1);
      expect(stdout)
        .to.match(new RegExp(`${own} +no +${admin}\n`))
        .and.match(new RegExp(`${foreign} +no +${stranger}\n`));
      expect(stdout).to.include(addTo(own)).and.include(addTo(foreign));
      expect(stdout).to.match(new RegExp(`Switch no gateway yet[^]* signer rotate ${next}\n$`));
      expect(await world.transactionsBy(admin)).to.equal(before);
    });

    it("sends nothing unasked: 2", async () => {
      const before = await world.transactionsBy(admin);
      const { exitStatus, output } = await world.rotate([next, "--rpc-account", admin]);
      expect(exitStatus).to.equal(2);
      expect(output).to.include("no terminal to ask on");
      expect(await world.transactionsBy(admin)).to.equal(before);
    });

    it("is added where the account is the owner, and the others are named: 1", async () => {
      const { exitStatus, stdout, output } = await world.rotate([next, ...asAdmin]);
      expect(exitStatus, output).to.equal(1);
      expect(await world.signersOf(own)).to.deep.equal([old, next]);
      expect(await world.signersOf(foreign)).to.deep.equal([old]);
      expect(stdout)
        .to.match(new RegExp(`Add a gatewaySigner to ${own}`))
        .and.match(new RegExp(`${own} +yes +${admin}\n`));
      expect(stdout).to.include(addTo(foreign)).and.not.include(addTo(own));
    });

    it("goes on where it was when it is run again: nothing is sent twice", async () => {
      const before = await world.transactionsBy(admin);
      const { exitStatus, stdout } = await world.rotate([next, ...asAdmin]);
      expect(exitStatus).to.equal(1);
      expect(stdout).to.include(addTo(foreign));
      expect(await world.transactionsBy(admin)).to.equal(before);
    });

    it("could not be found out where a node does not answer: 4, and no word of a switch", async () => {
      const dead = `${world.chain.chainId.toString()}=http://127.0.0.1:1`;
      const { exitStatus, stdout } = await world.rotate([next, ...asAdmin], dead);
      expect(exitStatus).to.equal(4);
      expect(stdout).to.match(new RegExp(`${own} +could not find out: it could not be reached`));
      expect(stdout).to.include("Switch no gateway yet").and.not.include("SIGHUP");
      expect(stdout).to.include(`signer remember ${next} --chain 31337 --resolver ${own}`);
      const unnamed = await world.rotate([next], "");
      expect(unnamed.exitStatus).to.equal(4);
      expect(unnamed.stdout).to.match(/could not find out: no RPC node in CHAIN_RPC_URLS/);
    });

    it("is taken by all once the other owner has added it, by a node of --rpc as well: 0", async () => {
      const node = ["--rpc", world.chain.rpcUrl];
      const ran = await world.rotate([next, ...asStranger, ...node], "31337=http://127.0.0.1:1");
      expect(ran.exitStatus, ran.output).to.equal(0);
      expect(await world.signersOf(foreign)).to.deep.equal([old, next]);
      expect(ran.stdout)
        .to.include(`Every resolver takes ${next}.`)
        .and.include("SIGHUP")
        .and.include(`signer rotate --finish ${old}\n`);
    });

    it("is told to programs, with who signs", async () => {
      await world.note(old, 30);
      const { exitStatus, stdout } = await world.rotate([next, "--json"]);
      expect(exitStatus).to.equal(0);
      const told = JSON.parse(stdout) as { noted: { signer: string; agoMs: number }[] };
      expect(told).to.deep.include({
        signer: next,
        resolvers: [own, foreign].map((resolver, at) => ({
          ...{ chainId: "31337", resolver, taken: "yes", owner: [admin, stranger][at], why: null },
        })),
      });
      expect(told.noted).to.have.length(1);
      expect(told.noted[0]?.signer).to.equal(old);
      expect(told.noted[0]?.agoMs).to.be.within(30_000, 90_000);
    });
  });

  describe("--finish", () => {
    const finish = (args: readonly string[], rpcUrls?: string) =>
      world.rotate(["--finish", old, "--although-unreachable", ...args], rpcUrls);
    async function expectRefused(sentence: RegExp): Promise<void> {
      const before = await world.transactionsBy(admin);
      const { exitStatus, output } = await finish(asAdmin);
      expect(exitStatus, output).to.equal(1);
      expect(output).to.match(sentence);
      expect(await world.transactionsBy(admin)).to.equal(before);
    }

    it("is refused while a gateway has signed by it lately", async () => {
      await world.note(next, 1);
      await world.note(old, 60);
      await expectRefused(/Nothing was sent: a gateway on this database signed by \S+ 6\d s ago/);
      await world.note(old, 400);
      await expectRefused(/signed by \S+ 7 min ago.*run this again 1\d s after/);
    });

    it("is refused where nobody knows who signs in its place", async () => {
      await world.note(old, 500);
      await world.note(next, 500);
      await expectRefused(/no gateway on this database has noted in the last 7 min/);
    });

    it("is refused where a resolver would be without a signer by whom gateways sign", async () => {
      const other = newAddress();
      await world.note(other, 1);
      await expectRefused(new RegExp(`the resolver ${own} does not take ${other}`));
      await world.note(other, 500);
      await world.note(next, 1);
    });

    it("could not be found out while a gateway does not say by whom it signs: 4", async () => {
      const ran = await world.rotate(["--finish", old, ...asAdmin]);
      expect(ran.exitStatus, ran.output).to.equal(4);
      expect(ran.output).to.match(/by whom http:\/\/127\.0\.0\.1:1 signs could not be found out/);
      expect(await world.signersOf(own)).to.include(old);
    });

    it("removes nothing where a node does not answer: 4", async () => {
      const { exitStatus, stdout } = await finish(asAdmin, "31337=http://127.0.0.1:1");
      expect(exitStatus).to.equal(4);
      expect(stdout).to.include("Nothing was removed, because not every resolver could be asked.");
    });

    it("takes it away where the account is the owner, and names the others: 1, then 0", async () => {
      const first = await finish(asAdmin);
      expect(first.exitStatus, first.output).to.equal(1);
      expect(await world.signersOf(own)).to.deep.equal([next]);
      expect(first.stdout).to.include(removeFrom(foreign)).and.not.include(removeFrom(own));
      const last = await finish(asStranger);
      expect(last.exitStatus, last.output).to.equal(0);
      expect(await world.signersOf(foreign)).to.deep.equal([next]);
      expect(last.stdout).to.include(`No resolver takes ${old}.`);
      const again = await finish(asAdmin);
      expect(again.exitStatus).to.equal(0);
    });
  });
});
