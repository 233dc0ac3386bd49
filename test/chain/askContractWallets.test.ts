/** Questions to contract wallets on a real EVM behind HTTP, and to nodes that do not answer as they should. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { fromHex, type Hex, toHex } from "../../src/abi/hex.js";
import { contractWalletsOn } from "../../src/chain/askContractWallets.js";
import { addressFrom } from "../../src/ens/address.js";
import { type Contract, deploy, ethers, send } from "../contracts/deployment.js";
import {
  CHAIN_ID,
  deployWallet,
  type FutureWallet,
  futureWallet,
  type KeyPair,
  wrapped,
} from "../contracts/walletChain.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { type ChainServer, serveChain } from "../lookup/chainServer.js";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";

const DIGEST = bytes(32, 7);

describe("contractWallets", () => {
  let chain: ChainServer;
  let key: KeyPair;
  let wallet: Contract;
  let factory: Contract;
  let future: FutureWallet;

  before(async () => {
    chain = await serveChain();
    key = Wallet.createRandom();
    wallet = await deployWallet(key);
    factory = await deploy("WalletFactory");
    future = await futureWallet(factory);
  });
  after(() => chain.close());

  const sign = (signer: KeyPair, digest = DIGEST) =>
    signer.signingKey.sign(digest).serialized as Hex;
  const onChain = () => contractWalletsOn(new Map([[CHAIN_ID, chain.url]]));
  const ask = async (signature: string, changes: { wallet?: string; atBlock?: bigint } = {}) =>
    onChain().ask({
      chainId: CHAIN_ID,
      wallet: addressFrom(fromHex(changes.wallet ?? (await wallet.getAddress()))),
      digest: DIGEST,
      signature: fromHex(signature),
      atBlock: changes.atBlock ?? null,
    });

  it("tells at which block a wallet accepted, and asks the state of that block again", async () => {
    const replaced = await deployWallet(key);
    const address = await replaced.getAddress();
    const accepted = await ask(sign(key), { wallet: address });
    const latest = BigInt(await ethers.provider.getBlockNumber());
    expect(accepted).to.deep.equal({ status: "accepted", atBlock: latest });
    await send(replaced, "setKey", Wallet.createRandom().address);
    expect(await ask(sign(key), { wallet: address })).to.deep.equal({ status: "refused" });
    const then = { wallet: address, atBlock: latest };
    expect(await ask(sign(key), then)).to.deep.equal(accepted);
    const before = { wallet: address, atBlock: latest - 1n };
    expect(await ask(sign(key), before)).to.deep.equal({ status: "absent" });
  });

  it("asks a wallet that is not there yet, by what its signature brings along", async () => {
    const { address, factoryCall } = future;
    const asked = async (signature: string) => (await ask(signature, { wallet: address })).status;
    expect(await asked(await wrapped(factory, factoryCall, sign(future.key)))).to.equal("accepted");
    expect(await asked(await wrapped(factory, factoryCall, sign(key)))).to.equal("refused");
    expect(await asked(sign(future.key))).to.equal("absent");
    const other = await futureWallet(factory);
    const elsewhere = await wrapped(factory, other.factoryCall, sign(future.key));
    expect(await asked(elsewhere)).to.equal("absent");
  });

  it("answers a signature of 8 KiB, and a wallet that burns its gas, in time", async () => {
    expect(await ask(`${sign(key)}${"00".repeat(8192 - 65)}`)).to.include({ status: "accepted" });
    const burning = await (await deploy("FaultyWallet", 7)).getAddress();
    expect(await ask(sign(key), { wallet: burning })).to.deep.equal({ status: "refused" });
    const { interface: functions } = factory;
    const burned = await wrapped(factory, functions.encodeFunctionData("burn"), sign(future.key));
    expect(await ask(burned, { wallet: future.address })).to.deep.equal({ status: "absent" });
  });

  it("INVALID_REQUEST for a wrapper that holds nothing", async () => {
    const malformed = `0x1234${"6492".repeat(16)}`;
    await expectRejection(ask(malformed), "INVALID_REQUEST", /ERC-6492/);
  });

  it("does not call from the zero address, whose calls some wallets take for a simulation", async () => {
    const seen: Record<string, unknown>[] = [];
    const node = await nodeThat(({ method, params }) => {
      if (method === "eth_call") seen.push(params[0] as Record<string, unknown>);
      return method === "eth_call" ? answerOf(2n) : "0x10";
    });
    await askAt(node);
    expect(seen).to.have.length(1);
    expect(seen[0]).to.have.all.keys("from", "gas", "data");
    expect(BigInt(seen[0]!["from"] as string)).not.to.equal(0n);
    await node.close();
  });

  describe("a chain that could not be asked is no refusal: UNREACHABLE", () => {
    const cases: [title: string, answer: (call: Question) => unknown][] = [
      ["another chain", ({ method }) => (method === "eth_call" ? answerOf(2n, 5n) : "0x10")],
      ["no verdict", ({ method }) => (method === "eth_call" ? "0x" : "0x10")],
      ["a verdict that is none", ({ method }) => (method === "eth_call" ? answerOf(3n) : "0x10")],
      ["no block number", () => ({ number: 1 })],
    ];
    for (const [title, answer] of cases) {
      it(`a node that answers with ${title}`, async () => {
        const node = await nodeThat(answer);
        await expectRejection(askAt(node), "UNREACHABLE", /Chain 31337 could not be asked/);
        await node.close();
      });
    }

    it("a node that answers with more than its bound, or an error, or not in JSON", async () => {
      for (const body of ["x".repeat(5 * 1024 * 1024), '{"error":{"message":"busy"}}', "<html>"]) {
        const node = await serve((_request, response) => response.end(body));
        await expectRejection(askAt(node), "UNREACHABLE", /could not be asked/);
        await node.close();
      }
    });

    it("a node that hangs, after five seconds; and one that is gone", async () => {
      const node = await serve(() => undefined);
      const startedMs = performance.now();
      await expectRejection(askAt(node), "UNREACHABLE", /Send it again/);
      expect(performance.now() - startedMs).to.be.within(4_500, 7_000);
      await node.close();
      await expectRejection(askAt(node), "UNREACHABLE", /Send it again/);
    });

    it("says nothing of the node to the asker, and keeps it for the operator", async () => {
      const contractWallets = contractWalletsOn(new Map([[CHAIN_ID, "http://127.0.0.1:1/secret"]]));
      const error = await expectRejection(askAt(contractWallets), "UNREACHABLE", /Chain 31337/);
      expect(JSON.stringify([error.message, error.details])).not.to.match(/127\.0|secret|ECONN/);
      expect(error.cause).to.have.property("code", "UNREACHABLE");
    });
  });

  function askAt(
    node: LoopbackServer | ReturnType<typeof contractWalletsOn>,
    chainId: bigint = CHAIN_ID,
  ) {
    const contractWallets =
      "ask" in node ? node : contractWalletsOn(new Map([[CHAIN_ID, node.url]]));
    return contractWallets.ask({
      chainId,
      wallet: addressFrom(fromHex(future.address)),
      digest: DIGEST,
      signature: bytes(65, 1),
      atBlock: null,
    });
  }
});

interface Question {
  readonly method: string;
  readonly params: unknown[];
}

/** A JSON-RPC node with answers of its own. */
function nodeThat(answer: (question: Question) => unknown): Promise<LoopbackServer> {
  return serve((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const result = answer(JSON.parse(text) as Question);
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
    });
  });
}

/** What the check returns. */
function answerOf(verdict: bigint, chainId = CHAIN_ID): string {
  return toHex(
    fromHex(`0x${[chainId, verdict].map((word) => word.toString(16).padStart(64, "0")).join("")}`),
  );
}
