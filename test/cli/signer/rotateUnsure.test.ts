/** `signpost signer rotate` where a transaction was sent and its node then fails: it is neither done nor to be sent again. */
import { expect } from "chai";
import { Contract } from "ethers";
import { RESOLVER_ABI } from "../../../src/chain/resolverState.js";
import { newAddress } from "../resolver/adminWorld.js";
import { type BentNode, bentNode, failingAfter, type Question } from "./bentNode.js";
import { type RotationWorld, startRotationWorld } from "./rotationWorld.js";

const BUSY = { error: { code: -32005, message: "limit exceeded" } };

describe("signpost signer rotate, where a transaction is not known to stand", function () {
  this.timeout(360_000);
  const [old, next] = [newAddress(), newAddress()];
  let world: RotationWorld;
  let node: BentNode;
  let [first, second, admin] = ["", "", ""];

  before(async () => {
    world = await startRotationWorld();
    node = await bentNode(world.chain.rpcUrl);
    [admin = ""] = world.accounts;
    first = await world.serve("a.eth", { owner: admin, signers: [old] });
    second = await world.serve("bb.eth", { owner: admin, signers: [old] });
  });
  after(async () => {
    await node.close();
    await world.stop();
  });

  /** It passes a transaction on, and fails then. */
  const failing = () => (question: Question) =>
    question.method === "eth_sendTransaction" ? failingAfter(question, world.chain.provider) : null;
  const rotate = (args: readonly string[]) =>
    world.rotate([...args, "--rpc-account", admin, "--yes"], `31337=${node.url}`);

  it("sends nothing more on that chain, and names no command that sends it again: 4", async () => {
    node.bend = failing();
    const before = await world.transactionsBy(admin);
    const { exitStatus, stdout, output } = await rotate([next]);
    expect(exitStatus, output).to.equal(4);
    expect(await world.transactionsBy(admin)).to.equal(before + 1);
    expect(output).to.include(
      `${first}: The RPC node failed while signing and sending the transaction`,
    );
    expect(stdout)
      .to.match(new RegExp(`${first} +yes`))
      .and.match(new RegExp(`${second} +no`));
    expect(stdout)
      .to.include(
        `is not known to stand. Look for it before you run this again:\n  chain 31337: ${first}\n`,
      )
      .and.include(`signers add ${next} --resolver ${second}\n`)
      .and.not.include(`signers add ${next} --resolver ${first}\n`);
  });

  it("goes on at the next resolver where nothing was sent: 1", async () => {
    let isFirst = true;
    node.bend = ({ method }) => {
      if (method !== "eth_estimateGas" || !isFirst) return null;
      isFirst = false;
      return BUSY;
    };
    const third = await world.serve("ccc.eth", { owner: admin, signers: [old] });
    const { exitStatus, output } = await rotate([next]);
    expect(exitStatus, output).to.equal(1);
    const taking = await Promise.all([second, third].map((one) => world.signersOf(one)));
    expect(taking.filter((signers) => signers.includes(next))).to.have.length(1);
  });

  it("sends nothing beside a transaction of the account that is in no block yet: 1", async () => {
    const { provider } = world.chain;
    node.bend = () => null;
    const fourth = await world.serve("dddd.eth", { owner: admin, signers: [old] });
    const nonce = await world.transactionsBy(admin);
    await provider.send("evm_setIntervalMining", [0]);
    await provider.send("evm_setAutomine", [false]);
    await provider.send("eth_sendTransaction", [{ from: admin, to: admin }]);
    const { exitStatus, output } = await rotate([next]);
    expect(exitStatus, output).to.equal(1);
    expect(output).to.include(
      `${fourth}: Nothing was sent: a transaction of ${admin} (from nonce ${nonce} on) is sent and in no block yet`,
    );
    expect(await provider.getTransactionCount(admin, "pending")).to.equal(nonce + 1);
    await provider.send("evm_setAutomine", [true]);
    await provider.send("evm_mine", []);
    const again = await rotate([next]);
    expect(again.exitStatus, again.output).to.equal(0);
    expect(await world.signersOf(fourth)).to.deep.equal([old, next]);
  });

  it("does not take one for unknown that is in a block and changed nothing: 0", async () => {
    const { provider } = world.chain;
    const fifth = await world.serve("eeeee.eth", { owner: admin, signers: [old] });
    const before = await world.transactionsBy(admin);
    await provider.send("evm_setIntervalMining", [0]);
    await provider.send("evm_setAutomine", [false]);
    const change = new Contract(fifth, RESOLVER_ABI, world.chain.admin);
    await change.getFunction("addSigner").send(next);
    // a node that tells no waiting transactions
    node.bend = ({ method, params }) => {
      if (method === "eth_sendTransaction") {
        setTimeout(() => {
          void provider.send("evm_mine", []).then(() => provider.send("evm_setAutomine", [true]));
        }, 500);
      }
      // hardhat estimates with what waits
      if (method === "eth_estimateGas") return { result: "0x20000" };
      const isCount = method === "eth_getTransactionCount" && params[1] === "pending";
      return isCount ? { result: `0x${before.toString(16)}` } : null;
    };
    const { exitStatus, output } = await rotate([next]);
    expect(output).to.include("was mined, but reverted: nothing changed");
    expect(output).not.to.include("is not known to stand");
    // as it was added by the other one
    expect(exitStatus, output).to.equal(0);
  });

  it("does not call a removal done that is not known to stand: 4", async () => {
    await world.note(next, 1);
    node.bend = () => null;
    await rotate([next]);
    node.bend = failing();
    const before = await world.transactionsBy(admin);
    const { exitStatus, stdout, output } = await rotate([
      "--finish",
      old,
      "--although-unreachable",
    ]);
    expect(exitStatus, output).to.equal(4);
    expect(await world.transactionsBy(admin)).to.equal(before + 1);
    expect(stdout)
      .to.include(`chain 31337: ${first}\n`)
      .and.include(`signers remove ${old} --resolver ${second}\n`)
      .and.not.include("good for nothing");
  });
});
