/** Which resolvers a gateway may answer with shared signatures: found out on a real EVM, by real signatures. */
import { expect } from "chai";
import { id } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { type Address, addressFrom, checksumAddress } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import { batchSupport, type NotedBatchSupport } from "../../src/gateway/batchSupport.js";
import { type GatewaySigner, localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { resolverKey } from "../../src/gateway/resolverKey.js";
import { askForBatches, type BatchFinding } from "../../src/health/batchWatch.js";
import { judgeBatches } from "../../src/health/judgement.js";
import { deployOwn, newAddress } from "../cli/resolver/adminWorld.js";
import { bytes } from "../db/sampleNames.js";
import {
  answerRpc,
  type Handler,
  type LoopbackServer,
  never,
  serve,
} from "../lookup/loopbackServer.js";
import { passingTo } from "./passingTo.js";

const OURS = localGatewaySigner(bytes(32, 0x11));
const NEXT = localGatewaySigner(bytes(32, 0x22));
const MINUTE_MS = 60_000;
/** Of a request to the node: more than a proof by the shortest path has, less than one by the longest. */
const LONG_CALL_BYTES = 2_000;

describe("health/batchWatch", function () {
  this.timeout(180_000);
  let chain: LocalChain;
  let node: LoopbackServer;
  let passOn: Handler;
  let laterMs: number;
  let batches: NotedBatchSupport;
  let findings: readonly BatchFinding[];
  let signatures: number;
  let calls: number;
  let fault: SignpostError | null;

  before(async () => {
    chain = await startLocalChain();
    const pass = passingTo(chain.rpcUrl);
    passOn = (request, response) => {
      calls++;
      pass(request, response);
    };
    node = await serve(passOn);
  });
  beforeEach(() => {
    node.handler = passOn;
    laterMs = 0;
    batches = batchSupport(nowMs);
    findings = [];
    [signatures, calls, fault] = [0, 0, null];
  });
  after(async () => {
    await node.close();
    await chain.stop();
  });

  const nowMs = () => Date.now() + laterMs;
  const signer: { -readonly [Key in keyof GatewaySigner]: GatewaySigner[Key] } = {
    address: OURS.address,
    signDigest: (digest) => {
      signatures++;
      return fault === null ? OURS.signDigest(digest) : Promise.reject(fault);
    },
  };
  const addressOf = (text: string) => addressFrom(fromHex(text.toLowerCase()));
  const deploy = async (...signers: Address[]) => {
    const owner = await chain.admin.getAddress();
    const trusted = signers.map((address) => checksumAddress(address));
    return deployOwn(chain, "OffchainResolver", owner, trusted, ["https://a.example/{data}"], 300);
  };
  /** The same resolver with other bytes in its code. */
  const patched = async (before: string, after: string): Promise<Address> => {
    const address = await (await deploy(OURS.address)).getAddress();
    const code = await chain.provider.getCode(address);
    expect(code).to.include(before);
    await chain.provider.send("hardhat_setCode", [address, code.replaceAll(before, after)]);
    return addressOf(address);
  };
  const round = async (...resolvers: Address[]) => {
    findings = await askForBatches(
      {
        records: {
          servedResolvers: () =>
            Promise.resolve(
              resolvers.map((resolver) => ({ chainId: chain.chainId, resolver, domain: "a.eth" })),
            ),
        },
        rpcUrls: new Map([[chain.chainId, node.url]]),
        signer,
        validitySec: 240,
        nowMs,
        batches,
      },
      findings,
    );
    return findings.map(({ takesBatches }) => takesBatches);
  };
  const takes = (resolver: Address) => batches.takesBatches(resolverKey(chain.chainId, resolver));

  it("believes a resolver whose callback took an answer of a batch, and proves it once", async () => {
    const resolver = addressOf(await (await deploy(OURS.address)).getAddress());
    expect(takes(resolver)).to.equal(false);
    expect(await round(resolver)).to.deep.equal([true]);
    expect(takes(resolver)).to.equal(true);
    expect(judgeBatches(findings)).to.deep.equal({ reasons: [], warnings: [] });
    const asked = calls;
    await round(resolver);
    expect(calls, "what is known is not asked again at once").to.equal(asked);
    laterMs = 6 * MINUTE_MS;
    expect(await round(resolver)).to.deep.equal([true]);
    expect(calls).to.be.above(asked);
    laterMs = 12 * MINUTE_MS;
    expect(takes(resolver)).to.equal(true);
    expect(signatures).to.equal(1);
  });

  it("says no of a resolver of before, of one that is none, and of nothing", async () => {
    const former = await patched("41212723", "00000000");
    const legacy = addressOf(await (await deployOwn(chain, "test/LegacyResolver")).getAddress());
    const nobody = addressOf(newAddress());
    expect(await round(former, legacy, nobody)).to.deep.equal([false, false, false]);
    expect([former, legacy, nobody].map(takes)).to.deep.equal([false, false, false]);
    expect(judgeBatches(findings)).to.deep.equal({ reasons: [], warnings: [] });
    expect(signatures).to.equal(0);
  });

  for (const tag of ["leaf", "root"]) {
    it(`warns of a resolver that says that it takes batches and hashes a ${tag} otherwise`, async () => {
      const resolver = await patched(id(`signpost.batch.${tag}`).slice(2), "ab".repeat(32));
      expect(await round(resolver)).to.deep.equal([false]);
      expect(takes(resolver)).to.equal(false);
      const { reasons, warnings } = judgeBatches(findings);
      expect(reasons).to.deep.equal([]);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(
        /^The resolver 0x\w{40} on chain 31337 says .* but refused one: /,
      );
      expect(warnings[0]).to.include(checksumAddress(resolver));
      await round(resolver);
      expect(signatures, "it is not tried again at once").to.equal(1);
    });
  }

  it("warns of a resolver that takes short paths alone", async () => {
    // MAX_PATH, beside the 32 bytes of a word that it is multiplied by
    const resolver = await patched("6020600c61", "6020600961");
    expect(await round(resolver)).to.deep.equal([false]);
    expect(takes(resolver)).to.equal(false);
    const { warnings } = judgeBatches(findings);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/but refused one: /);
  });

  it("does not know while the RPC node fails at long paths", async () => {
    const resolver = addressOf(await (await deploy(OURS.address)).getAddress());
    let refused = 0;
    node.handler = (request, response) => {
      if (Number(request.headers["content-length"]) < LONG_CALL_BYTES) {
        passOn(request, response);
        return;
      }
      refused++;
      response.writeHead(413).end();
    };
    expect(await round(resolver)).to.deep.equal([null]);
    expect(takes(resolver)).to.equal(false);
    expect(refused).to.equal(1);
    node.handler = passOn;
    expect(await round(resolver)).to.deep.equal([true]);
  });

  it("does not know while the resolver does not trust the signer, and asks again in the next round", async () => {
    const contract = await deploy(NEXT.address);
    const resolver = addressOf(await contract.getAddress());
    expect(await round(resolver)).to.deep.equal([null]);
    expect(takes(resolver)).to.equal(false);
    expect(signatures, "a signature would show nothing").to.equal(0);
    expect(judgeBatches(findings).warnings).to.deep.equal([]);
    const added = (await contract.getFunction("addSigner").send(checksumAddress(OURS.address))) as {
      wait(): Promise<unknown>;
    };
    await added.wait();
    expect(await round(resolver)).to.deep.equal([true]);
    expect(takes(resolver)).to.equal(true);
  });

  it("does not know while the resolver refuses every answer for its time", async () => {
    const contract = await deploy(OURS.address);
    const resolver = addressOf(await contract.getAddress());
    const setTo = async (seconds: number) => {
      const set = (await contract.getFunction("setMaxValidity").send(seconds)) as {
        wait(): Promise<unknown>;
      };
      await set.wait();
    };
    await setTo(120);
    expect(await round(resolver)).to.deep.equal([null]);
    expect(judgeBatches(findings).warnings).to.deep.equal([]);
    await setTo(3_600);
    expect(await round(resolver)).to.deep.equal([null]);
    expect(signatures, "a signature may have a price").to.equal(1);
    laterMs = 6 * MINUTE_MS;
    expect(await round(resolver)).to.deep.equal([true]);
  });

  it("does not know while node or signer are away, and keeps what it knew for ten minutes", async () => {
    const resolver = addressOf(await (await deploy(OURS.address)).getAddress());
    fault = new SignpostError("SIGNER_UNAVAILABLE", "It is away.", { reason: "away" });
    expect(await round(resolver)).to.deep.equal([null]);
    fault = null;
    node.handler = (request) => request.socket.destroy();
    expect(await round(resolver)).to.deep.equal([null]);
    node.handler = passOn;
    expect(await round(resolver)).to.deep.equal([true]);
    node.handler = (request) => request.socket.destroy();
    laterMs = 9 * MINUTE_MS;
    expect(await round(resolver)).to.deep.equal([true]);
    expect(takes(resolver)).to.equal(true);
    laterMs = 11 * MINUTE_MS;
    await round(resolver);
    expect(takes(resolver)).to.equal(false);
  });

  for (const [what, answer] of [
    ["reverts without a word", { error: { code: -32015, message: "VM execution error" } }],
    ["gives nothing back", { result: "0x" }],
  ] as const) {
    it(`keeps what it knew while the node says that the resolver ${what}`, async () => {
      const resolver = addressOf(await (await deploy(OURS.address)).getAddress());
      expect(await round(resolver)).to.deep.equal([true]);
      node.handler = answerRpc(() => answer);
      laterMs = 6 * MINUTE_MS;
      await round(resolver);
      expect(takes(resolver)).to.equal(true);
      laterMs = 11 * MINUTE_MS;
      await round(resolver);
      expect(takes(resolver), "not for ever").to.equal(false);
    });
  }

  it("proves again after an hour: behind a proxy the resolver can become another one", async () => {
    const contract = await deploy(OURS.address);
    const resolver = addressOf(await contract.getAddress());
    // the chain's time stands still here
    const set = (await contract.getFunction("setMaxValidity").send(10_000)) as {
      wait(): Promise<unknown>;
    };
    await set.wait();
    for (let minute = 0; minute <= 60; minute += 6) {
      laterMs = minute * MINUTE_MS;
      expect(await round(resolver)).to.deep.equal([true]);
    }
    expect(signatures).to.equal(2);
    const other = await patched(id("signpost.batch.leaf").slice(2), "ab".repeat(32));
    const code = await chain.provider.getCode(checksumAddress(other));
    await chain.provider.send("hardhat_setCode", [checksumAddress(resolver), code]);
    for (let minute = 66; minute <= 120; minute += 6) {
      laterMs = minute * MINUTE_MS;
      await round(resolver);
    }
    expect(takes(resolver)).to.equal(false);
    expect(judgeBatches(findings).warnings).to.have.length(1);
  });

  it("asks for its signature before those that wait", async () => {
    const resolver = addressOf(await (await deploy(OURS.address)).getAddress());
    let inTurn = 0;
    signer.signInTurn = (makeDigest) => {
      inTurn++;
      return signer.signDigest(makeDigest()!);
    };
    expect(await round(resolver)).to.deep.equal([true]);
    expect(inTurn).to.equal(1);
    delete signer.signInTurn;
  });

  it("holds up no lookup: what is not answered yet counts as no", async () => {
    const resolver = addressOf(await (await deploy(OURS.address)).getAddress());
    node.handler = never;
    const asked = round(resolver);
    expect(takes(resolver)).to.equal(false);
    expect(await asked).to.deep.equal([null]);
  });
});
