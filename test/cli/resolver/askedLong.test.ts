/** A question may wait for hours: what was shown with it has to be so at the yes. */
import { expect } from "chai";
import type { Contract } from "ethers";
import { expectRejection } from "../../expectError.js";
import {
  type AdminWorld,
  fundedWallet,
  GATEWAY,
  newAddress,
  startAdminWorld,
} from "./adminWorld.js";
import { runResolver, sayingYesAfter } from "./runResolver.js";

describe("signpost resolver, where something happens before the yes", () => {
  let world: AdminWorld;
  let contract: Contract;
  let resolver: string;
  let admin: string;

  before(async () => {
    world = await startAdminWorld();
    [admin = ""] = world.accounts;
    contract = await world.deploy();
    resolver = await contract.getAddress();
  });
  after(() => world.stop());

  const nonce = () => world.chain.provider.getTransactionCount(admin, "pending");

  /** @param meanwhile what happens while the question waits for its yes */
  function asked(meanwhile: () => Promise<unknown>, ...args: string[]) {
    const given = [...args, "--resolver", resolver, "--rpc-account", admin];
    return runResolver(world.chain.rpcUrl, given, sayingYesAfter(meanwhile));
  }
  const sent = async (name: string, ...values: unknown[]) => {
    await (await contract.getFunction(name).send(...values)).wait();
  };

  it("puts no list back that somebody changed", async () => {
    const [good, bad] = [`${GATEWAY}/good/{sender}/{data}`, `${GATEWAY}/bad/{sender}/{data}`];
    await sent("setUrls", [good, bad]);
    const running = asked(
      () => sent("setUrls", [good]),
      ...["urls", "set", good, bad, `${GATEWAY}/more/{sender}/{data}`, "--although-unreachable"],
    );
    await expectRejection(
      running,
      "TRANSACTION_REFUSED",
      /^Nothing was sent: meanwhile something else changed on the chain.* Run this again/,
    );
    expect(await contract.getFunction("urls").staticCall()).to.deep.equal([good]);
  });

  it("sends nothing that somebody has done", async () => {
    const signer = newAddress();
    const running = asked(() => sent("addSigner", signer), "signers", "add", signer);
    await expectRejection(
      running,
      "TRANSACTION_REFUSED",
      /^Nothing was sent: meanwhile somebody did it\. /,
    );
  });

  it("sends nothing by an account that owns the resolver no more", async () => {
    const heir = await fundedWallet(world.chain);
    const other = await world.deploy();
    const before = await nonce();
    const meanwhile = async () => {
      await (await other.getFunction("transferOwnership").send(heir.address)).wait();
      const asHeir = other.connect(heir.connect(world.chain.provider));
      await (await asHeir.getFunction("acceptOwnership").send()).wait();
    };
    const given = ["signers", "add", newAddress(), "--resolver", await other.getAddress()];
    await expectRejection(
      runResolver(
        world.chain.rpcUrl,
        [...given, "--rpc-account", admin],
        sayingYesAfter(meanwhile),
      ),
      "TRANSACTION_REFUSED",
      /^Nothing was sent: meanwhile something else changed on the chain/,
    );
    // the offer, and nothing else
    expect(await nonce()).to.equal(before + 1);
  });

  it("sends nothing beside a transaction that waits since", async () => {
    const { provider } = world.chain;
    const before = await nonce();
    const signer = newAddress();
    const running = asked(
      async () => {
        await provider.send("evm_setIntervalMining", [0]);
        await provider.send("evm_setAutomine", [false]);
        await provider.send("eth_sendTransaction", [{ from: admin, to: admin }]);
      },
      ...["signers", "add", signer],
    );
    await expectRejection(
      running,
      "TRANSACTION_REFUSED",
      new RegExp(`a transaction of ${admin} \\(from nonce ${before} on\\) is sent and in no block`),
    );
    expect(await nonce()).to.equal(before + 1);
    await provider.send("evm_setAutomine", [true]);
    await provider.send("evm_mine", []);
  });

  it("pays no more than the most that was shown", async () => {
    const { provider } = world.chain;
    const price = (await provider.getFeeData()).maxFeePerGas ?? 0n;
    const dearer = `0x${((price * 9n) / 10n).toString(16)}`;
    const { out, err } = await asked(
      async () => {
        await provider.send("hardhat_setNextBlockBaseFeePerGas", [dearer]);
        await provider.send("evm_mine", []);
      },
      ...["signers", "add", newAddress()],
    );
    const transaction = await provider.getTransaction(/Sent (0x\w+)/.exec(err)?.[1] ?? "");
    const shown = /\(at most ([\d.]+) ETH\)/.exec(out)?.[1] ?? "";
    const most = (transaction?.gasLimit ?? 0n) * (transaction?.maxFeePerGas ?? 0n);
    expect(Number(most) / 1e18).to.be.closeTo(Number(shown), Number(shown) / 1_000);
  });

  it("sends nothing that no block would take, as the price has risen", async () => {
    const { provider } = world.chain;
    const before = await nonce();
    const price = (await provider.getFeeData()).maxFeePerGas ?? 0n;
    const running = asked(
      async () => {
        await provider.send("hardhat_setNextBlockBaseFeePerGas", [
          `0x${(price * 2n).toString(16)}`,
        ]);
        await provider.send("evm_mine", []);
      },
      ...["signers", "add", newAddress()],
    );
    await expectRejection(
      running,
      "TRANSACTION_REFUSED",
      /^Nothing was sent: meanwhile the price of gas has risen above the most that was shown.* Run this again/,
    );
    expect(await nonce()).to.equal(before);
  });
});
