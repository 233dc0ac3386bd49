/** `signpost signer rotate --finish` with somebody at the terminal: what changed before their yes counts. */
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { Contract } from "ethers";
import { RESOLVER_ABI } from "../../../src/chain/resolverState.js";
import { rotateCommand } from "../../../src/cli/signer/rotateCommand.js";
import { newAddress } from "../resolver/adminWorld.js";
import { runCommand } from "../resolver/runResolver.js";
import { type RotationWorld, startRotationWorld } from "./rotationWorld.js";

describe("signpost signer rotate --finish, before a yes", function () {
  this.timeout(120_000);
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
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const onErr = (text: string) => {
      if (text.includes("[y/N]")) void meanwhile().then(() => input.write("y\n"));
    };
    const args = ["--finish", old, "--rpc-account", admin, "--although-unreachable"];
    return runCommand(rotateCommand, ["signer", "rotate", ...args], { input, onErr });
  }

  it("removes it where nothing changed: 0", async () => {
    const { exitStatus, err } = await finish(() => Promise.resolve());
    expect(exitStatus, err).to.equal(0);
    expect(await world.signersOf(own)).to.deep.equal([next]);
  });

  it("sends nothing once a gateway signs by the old one again: 1", async () => {
    const { exitStatus, err } = await finish(() => world.note(old, 1));
    expect(exitStatus, err).to.equal(1);
    expect(err).to.match(/Nothing was sent: a gateway on this database signed by/);
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
    expect(err).to.include(`Nothing was sent: the resolver ${own} does not take ${next}`);
    expect(await world.signersOf(own)).to.include(old);
  });
});
