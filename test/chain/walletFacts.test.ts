import { expect } from "chai";
import { walletFactsBy } from "../../src/chain/walletFacts.js";
import { parseAddress } from "../../src/ens/address.js";
import { rememberedFacts } from "../../src/relay/walletFactsMemory.js";
import { ethers } from "../contracts/deployment.js";
import { expectRejection } from "../expectError.js";
import { type ChainServer, serveChain } from "../lookup/chainServer.js";
import { deployEns } from "../lookup/localEns.js";

describe("chain: what it says of a wallet", () => {
  let chain: ChainServer;
  before(async () => {
    chain = await serveChain();
  });
  after(() => chain.close());

  it("is its balance, how many transactions it sent, and what it has of a token", async () => {
    const facts = walletFactsBy(chain.url);
    const [signer] = await ethers.getSigners();
    const { ensRegistry } = await deployEns();
    const wallet = parseAddress(signer!.address);
    expect(await facts.balanceOf(wallet)).to.equal(
      await ethers.provider.getBalance(signer!.address),
    );
    const sent = await ethers.provider.getTransactionCount(signer!.address);
    expect(await facts.nonceOf(wallet)).to.equal(BigInt(sent));
    // a contract without such a function, and no contract at all
    expect(await facts.tokenBalanceOf(ensRegistry.toLowerCase(), wallet)).to.equal(0n);
    expect(await facts.tokenBalanceOf(`0x${"77".repeat(20)}`, wallet)).to.equal(0n);
    const stranger = parseAddress(`0x${"99".repeat(20)}`);
    expect([await facts.balanceOf(stranger), await facts.nonceOf(stranger)]).to.deep.equal([
      0n,
      0n,
    ]);
  });

  it("cannot be found out without a node, which is no answer", async () => {
    const stranger = parseAddress(`0x${"99".repeat(20)}`);
    await expectRejection(walletFactsBy(null).balanceOf(stranger), "UNREACHABLE", /CHAIN_RPC_URLS/);
    const nobody = walletFactsBy("http://127.0.0.1:9");
    await expectRejection(nobody.nonceOf(stranger), "UNREACHABLE", /RPC node/);
  });

  it("is remembered for five minutes, and a failure is not", async () => {
    const clock = { nowMs: 0 };
    let asked = 0;
    let answers = false;
    const balanceOf = () => {
      asked++;
      return answers ? Promise.resolve(5n) : walletFactsBy(null).balanceOf(wallet);
    };
    const wallet = parseAddress(`0x${"99".repeat(20)}`);
    const facts = rememberedFacts({ ...walletFactsBy(null), balanceOf }, () => clock.nowMs);
    await expectRejection(facts.balanceOf(wallet), "UNREACHABLE", /./);
    answers = true;
    expect([await facts.balanceOf(wallet), await facts.balanceOf(wallet), asked]).to.deep.equal([
      5n,
      5n,
      2,
    ]);
    clock.nowMs = 5 * 60_000;
    await facts.balanceOf(wallet);
    expect(asked).to.equal(3);
  });
});
