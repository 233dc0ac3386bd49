import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { waitForConfirmations } from "../../src/chain/confirmations.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { bentNode } from "../cli/signer/bentNode.js";
import { expectRejection } from "../expectError.js";
import { deadUrl } from "../lookup/loopbackServer.js";

describe("chain/confirmations", () => {
  let chain: LocalChain;
  before(async () => {
    chain = await startLocalChain();
  });
  after(() => chain.stop());

  const mine = () => chain.provider.send("evm_mine", []);
  const wait = (hash: string, confirmations: number, told: number[], timeoutMs = 10_000) =>
    waitForConfirmations(chain.provider, hash, {
      confirmations,
      timeoutMs,
      onProgress: (reached) => told.push(reached),
      onFailing: () => undefined,
    });

  it("counts the transaction's own block as the first, and tells each number once", async () => {
    const { hash } = await chain.admin.sendTransaction({ to: await chain.admin.getAddress() });
    const told: number[] = [];
    const receipt = await wait(hash, 1, told);
    expect(receipt.hash).to.equal(hash);
    expect(told).to.deep.equal([1]);
    await mine();
    await mine();
    expect((await wait(hash, 3, told)).hash).to.equal(hash);
    expect(told.at(-1)).to.equal(3);
  });

  it("fails for a transaction that reverted, and for one that does not stand in time", async () => {
    const code = "0x60006000fd";
    const reverting = await chain.admin
      .sendUncheckedTransaction({ data: code, gasLimit: 100_000n })
      .catch(async () => {
        // hardhat mines what reverts, but answers with the failure
        const block = await chain.provider.getBlock("latest");
        return block!.transactions.at(-1)!;
      });
    const reverted = await expectRejection(
      wait(reverting, 1, []),
      "TRANSACTION_FAILED",
      /was mined, but reverted: nothing changed/,
    );
    expect(reverted.details).to.deep.equal({ transactionHash: reverting, hasReverted: true });

    const unknown = `0x${"ab".repeat(32)}`;
    const told: number[] = [];
    await expectRejection(
      wait(unknown, 2, told, 100),
      "TRANSACTION_FAILED",
      /was sent, but had 0 of 2 confirmations after 0\.1 s/,
    );
    expect(told).to.deep.equal([0]);
  });

  it("goes on where the node fails for a while, and tells once that it does", async () => {
    const node = await bentNode(chain.rpcUrl);
    const provider = new JsonRpcProvider(node.url, chain.chainId, { staticNetwork: true });
    let failures = 0;
    node.bend = ({ method }) => {
      if (method !== "eth_getTransactionReceipt" || failures === 2) return null;
      failures += 1;
      return { error: { code: -32005, message: "busy" } };
    };
    const { hash } = await chain.admin.sendTransaction({ to: await chain.admin.getAddress() });
    const told: string[] = [];
    const receipt = await waitForConfirmations(provider, hash, {
      confirmations: 1,
      timeoutMs: 60_000,
      onProgress: (reached) => told.push(String(reached)),
      onFailing: () => told.push("failing"),
    });
    expect(receipt.hash).to.equal(hash);
    expect(failures).to.equal(2);
    expect(told).to.deep.equal(["failing", "1"]);
    provider.destroy();
    await node.close();
  });

  it("says that the transaction was sent when the node fails while it waits", async () => {
    const provider = new JsonRpcProvider(await deadUrl(), chain.chainId, { staticNetwork: true });
    await expectRejection(
      waitForConfirmations(provider, `0x${"ab".repeat(32)}`, {
        confirmations: 1,
        timeoutMs: 1000,
        onProgress: () => undefined,
        onFailing: () => undefined,
      }),
      "UNREACHABLE",
      /failed while waiting .*ECONNREFUSED.*The transaction was sent: look for it/,
    );
    provider.destroy();
  });
});
