/** Resolvers of others behind the UniversalResolver: batch gateway, nested lookups, foreign senders. */
import { expect } from "chai";
import type { CcipRequestParameters } from "viem";
import {
  type Contract,
  deploy,
  ethers,
  gatewaySignerAddress,
  latestTimestamp,
  lookupOf,
  read,
  URLS,
} from "./deployment.js";
import { clientOf, deployEns, type EnsChain } from "./ensChain.js";
import { NAME, respond, textCall } from "./signedAnswer.js";

const coder = ethers.AbiCoder.defaultAbiCoder();
const dnsName = ethers.dnsEncode(NAME);
const text = (value: string) => coder.encode(["string"], [value]);
const LOCAL_BATCH = ["x-batch-gateway:true"];
const batchGateway = new ethers.Interface([
  "function query((address sender, string[] urls, bytes data)[]) view returns (bool[], bytes[])",
  "error HttpError(uint16 status, string message)",
]);

describe("UniversalResolver, with resolvers that need more than one direct lookup", () => {
  let ens: EnsChain;
  beforeEach(async () => {
    ens = await deployEns();
  });

  describe("a resolver without ERC-7996", () => {
    let resolver: Contract;
    let address: string;
    beforeEach(async () => {
      resolver = await deploy("FeaturelessOffchainResolver", gatewaySignerAddress, URLS);
      address = await resolver.getAddress();
      await ens.setResolver("eth", address);
    });

    async function signed(request: string, result: string): Promise<string> {
      const expires = (await latestTimestamp()) + 60n;
      return respond({ target: address, expires, request, result });
    }

    function resolveCall(data: string): string {
      return ens.universal.interface.encodeFunctionData("resolve", [dnsName, data]);
    }

    function multicall(...calls: string[]): string {
      return ethers.concat(["0xac9650d8", coder.encode(["bytes[]"], [calls])]);
    }

    function batchCallback(extraData: string, failures: boolean[], responses: string[]) {
      const response = coder.encode(["bool[]", "bytes[]"], [failures, responses]);
      return read(ens.universal, "batchCallback", response, extraData);
    }

    it("lets viem read a record through its own batch gateway", async () => {
      const asked: CcipRequestParameters[] = [];
      const viem = await clientOf(ens.universal, (request) => {
        asked.push(request);
        return signed(request.data, text("hello"));
      });
      expect(await viem.getEnsText({ name: NAME, key: "greeting", strict: true })).to.equal(
        "hello",
      );
      expect(asked.map(({ sender, urls }) => ({ sender, urls }))).to.deep.equal([
        { sender: address, urls: URLS },
      ]);
    });

    it("sends the gateways that it was given one request per call", async () => {
      const gateways = ["https://batch.example/"];
      const data = multicall(textCall("a"), textCall("b"));
      const lookup = await lookupOf(
        ens.universal,
        ens.universal.interface.encodeFunctionData("resolveWithGateways", [
          dnsName,
          data,
          gateways,
        ]),
      );
      expect(lookup.sender).to.equal(await ens.universal.getAddress());
      expect(lookup.urls).to.deep.equal(gateways);
      const requests = ["a", "b"].map((key) => [
        address,
        URLS,
        resolver.interface.encodeFunctionData("resolve", [dnsName, textCall(key)]),
      ]);
      expect(lookup.request).to.equal(batchGateway.encodeFunctionData("query", [requests]));
      const responses = await Promise.all(
        requests.map((request, index) => signed(request[2] as string, text(index.toString()))),
      );
      expect(await batchCallback(lookup.extraData, [false, false], responses)).to.deep.equal([
        coder.encode(["bytes[]"], [[text("0"), text("1")]]),
        address,
      ]);
    });

    it("gives each failed item of a multicall its error", async () => {
      const data = multicall(textCall("a"), textCall("b"), textCall("c"));
      const { extraData } = await lookupOf(ens.universal, resolveCall(data));
      const request = resolver.interface.encodeFunctionData("resolve", [dnsName, textCall("b")]);
      const httpError = batchGateway.encodeErrorResult("HttpError", [503, "overloaded"]);
      const forC = await signed(request, text("an answer to b, not to c"));
      const results = await batchCallback(
        extraData,
        [true, false, false],
        [httpError, await signed(request, text("B")), forC],
      );
      const refused = resolver.interface.encodeErrorResult("AnswerRefused", []);
      expect(results).to.deep.equal([
        coder.encode(["bytes[]"], [[httpError, text("B"), refused]]),
        address,
      ]);
    });

    it("reverts with the HttpError of a single call", async () => {
      const { extraData, urls } = await lookupOf(ens.universal, resolveCall(textCall("a")));
      expect(urls).to.deep.equal(LOCAL_BATCH);
      const httpError = batchGateway.encodeErrorResult("HttpError", [503, "overloaded"]);
      await expect(batchCallback(extraData, [true], [httpError]))
        .to.be.revertedWithCustomError({ interface: batchGateway }, "HttpError")
        .withArgs(503n, "overloaded");
    });

    it("reverts with the resolver's refusal of a single call", async () => {
      const { extraData } = await lookupOf(ens.universal, resolveCall(textCall("a")));
      const forOther = await signed("0x", text("hello"));
      await expect(batchCallback(extraData, [false], [forOther]))
        .to.be.revertedWithCustomError(ens.universal, "ResolverError")
        .withArgs(resolver.interface.encodeErrorResult("AnswerRefused", []));
    });

    it("refuses a batch response with too few or too many items", async () => {
      const { extraData } = await lookupOf(ens.universal, resolveCall(textCall("a")));
      const wrong: [boolean[], string[]][] = [
        [[], []],
        [[false], []],
        [[], ["0x"]],
        [
          [false, false],
          ["0x", "0x"],
        ],
      ];
      for (const [failures, responses] of wrong) {
        await expect(batchCallback(extraData, failures, responses)).to.be.revertedWithCustomError(
          ens.universal,
          "InvalidBatchGatewayResponse",
        );
      }
    });
  });

  describe("a resolver with nested lookups", () => {
    for (const hasFeatures of [true, false]) {
      it(`is followed ${hasFeatures ? "directly" : "through the batch gateway"}`, async () => {
        const resolver = await deploy("NestingResolver", hasFeatures, 3, ethers.ZeroAddress);
        await ens.setResolver("eth", await resolver.getAddress());
        let asked = 0;
        const viem = await clientOf(ens.universal, () => text(`answer ${(++asked).toString()}`));
        const record = await viem.getEnsText({ name: NAME, key: "greeting", strict: true });
        expect(record).to.equal("answer 3");
      });
    }

    it("gets a multicall in pieces when it has no feature of multicalls", async () => {
      const resolver = await deploy("NestingResolver", true, 1, ethers.ZeroAddress);
      await ens.setResolver("eth", await resolver.getAddress());
      const data = ethers.concat(["0xac9650d8", coder.encode(["bytes[]"], [[textCall("a")]])]);
      const callData = ens.universal.interface.encodeFunctionData("resolve", [dnsName, data]);
      expect((await lookupOf(ens.universal, callData)).urls).to.deep.equal(LOCAL_BATCH);
    });
  });

  describe("a resolver whose lookups name another sender", () => {
    const data = textCall("greeting");

    it("is not followed directly", async () => {
      const resolver = await deploy("NestingResolver", true, 1, gatewaySignerAddress);
      await ens.setResolver("eth", await resolver.getAddress());
      const lookup = resolver.interface.encodeErrorResult("OffchainLookup", [
        gatewaySignerAddress,
        ["https://gateway.example/"],
        data,
        resolver.interface.getFunction("resolveCallback")!.selector,
        coder.encode(["bytes", "uint256"], [data, 1]),
      ]);
      await expect(read(ens.universal, "resolve", dnsName, data))
        .to.be.revertedWithCustomError(ens.universal, "ResolverError")
        .withArgs(lookup);
    });

    it("is followed through the batch gateway, as ENS's own does, to the callback of that sender", async () => {
      const other = await deploy("NestingResolver", false, 1, ethers.ZeroAddress);
      const resolver = await deploy("NestingResolver", false, 1, await other.getAddress());
      await ens.setResolver("eth", await resolver.getAddress());
      const viem = await clientOf(ens.universal, () => text("by the other"));
      expect(await viem.getEnsText({ name: NAME, key: "greeting", strict: true })).to.equal(
        "by the other",
      );
    });
  });
});
