import { expect } from "chai";
import type { CcipRequestParameters } from "viem";
import {
  callbackData,
  type Contract,
  deploy,
  deployResolver,
  ethers,
  gatewaySignerAddress,
  latestTimestamp,
  lookupOf,
  read,
  send,
  URLS,
} from "./deployment.js";
import { clientOf, deployEns, type EnsChain } from "./ensChain.js";
import { NAME, requestOf, respond, textCall } from "./signedAnswer.js";

const coder = ethers.AbiCoder.defaultAbiCoder();
const DOMAIN = "example.eth";
const dnsName = ethers.dnsEncode(NAME);
const text = (value: string) => coder.encode(["string"], [value]);

describe("UniversalResolver", () => {
  let ens: EnsChain;
  beforeEach(async () => {
    ens = await deployEns();
  });

  function resolve(name: string, data: string): Promise<unknown> {
    return read(ens.universal, "resolve", ethers.dnsEncode(name), data);
  }

  describe("finding the resolver", () => {
    it("takes the nearest one on the way to the root, and says where it was", async () => {
      await ens.setResolver(DOMAIN, gatewaySignerAddress);
      const found = await read(ens.universal, "findResolver", dnsName);
      expect(found).to.deep.equal([gatewaySignerAddress, ethers.namehash(NAME), 6n]);
      const exact = await read(ens.universal, "findResolver", ethers.dnsEncode(DOMAIN));
      expect(exact).to.deep.equal([gatewaySignerAddress, ethers.namehash(DOMAIN), 0n]);
    });

    it("prefers the name's own", async () => {
      const own = ethers.computeAddress(`0x${"22".repeat(32)}`);
      await ens.setResolver(DOMAIN, gatewaySignerAddress);
      await ens.setResolver(NAME, own);
      const found = await read(ens.universal, "findResolver", dnsName);
      expect(found).to.deep.equal([own, ethers.namehash(NAME), 0n]);
    });

    it("finds nothing where there is nothing", async () => {
      const found = await read(ens.universal, "findResolver", dnsName);
      expect(found).to.deep.equal([ethers.ZeroAddress, ethers.namehash(NAME), 0n]);
      await expect(resolve(NAME, textCall("greeting")))
        .to.be.revertedWithCustomError(ens.universal, "ResolverNotFound")
        .withArgs(dnsName);
    });

    it("refuses a legacy resolver of a name above", async () => {
      await ens.setResolver(DOMAIN, await (await deploy("LegacyResolver")).getAddress());
      await expect(resolve(NAME, textCall("greeting")))
        .to.be.revertedWithCustomError(ens.universal, "ResolverNotFound")
        .withArgs(dnsName);
    });

    it("refuses a resolver without code", async () => {
      await ens.setResolver(NAME, gatewaySignerAddress);
      await expect(resolve(NAME, textCall("greeting")))
        .to.be.revertedWithCustomError(ens.universal, "ResolverNotContract")
        .withArgs(dnsName, gatewaySignerAddress);
    });

    for (const wrong of ["0x", "0x05616c696365", "0x05616c69", "0x0161", "0x0000", "0x01610000"]) {
      it(`refuses ${wrong}, which is no DNS-encoded name`, async () => {
        await expect(read(ens.universal, "findResolver", wrong))
          .to.be.revertedWithCustomError(ens.universal, "DNSDecodingFailed")
          .withArgs(wrong);
      });
    }

    it("describes it the way ethers asks for it", async () => {
      const resolver = await (await deployResolver()).getAddress();
      await ens.setResolver(DOMAIN, resolver);
      const info = await read(ens.universal, "requireResolver", dnsName);
      expect(info).to.deep.equal([dnsName, 6n, ethers.namehash(NAME), resolver, true]);
    });
  });

  describe("with OffchainResolver, called directly", () => {
    let resolver: Contract;
    let asked: CcipRequestParameters[];
    beforeEach(async () => {
      resolver = await deployResolver();
      asked = [];
      await ens.setResolver(DOMAIN, await resolver.getAddress());
    });

    /** A client whose gateway answers every request with `result`, signed. */
    function client(result: string, validSec = 60n) {
      return clientOf(ens.universal, async (request) => {
        asked.push(request);
        const expires = (await latestTimestamp()) + validSec;
        const target = await resolver.getAddress();
        return respond({ target, expires, request: request.data, result });
      });
    }

    it("lets viem read a text record: one request, to our URLs, with the chain id", async () => {
      const viem = await client(text("hello"));
      expect(await viem.getEnsText({ name: NAME, key: "greeting", strict: true })).to.equal(
        "hello",
      );
      expect(asked).to.have.length(1);
      expect(asked[0]!.urls).to.deep.equal(URLS);
      expect(asked[0]!.data).to.equal(requestOf(dnsName, textCall("greeting")));
      // What a gateway that signed for {sender} would sign for:
      expect(asked[0]!.sender).to.equal(await ens.universal.getAddress());
    });

    it("lets viem read an address, and null for an absent one", async () => {
      const address = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
      const present = await client(coder.encode(["address"], [address]));
      expect(await present.getEnsAddress({ name: NAME, strict: true })).to.equal(address);
      const absent = await client(coder.encode(["address"], [ethers.ZeroAddress]));
      expect(await absent.getEnsAddress({ name: NAME, strict: true })).to.equal(null);
    });

    it("asks for a whole multicall in one request", async () => {
      const call = ethers.concat([
        "0xac9650d8",
        coder.encode(["bytes[]"], [[textCall("a"), textCall("b")]]),
      ]);
      const lookup = await lookupOf(ens.universal, resolveCall(call));
      expect(lookup.request).to.equal(requestOf(dnsName, call));
      const result = coder.encode(["bytes[]"], [[text("A"), text("B")]]);
      const returned = await ethers.provider.call({
        to: lookup.sender,
        data: callbackData(lookup, await signed(lookup.request, result)),
      });
      expect(coder.decode(["bytes", "address"], returned).toArray()).to.deep.equal([
        result,
        await resolver.getAddress(),
      ]);
    });

    it("passes on a signed UnsupportedResolverProfile as it is", async () => {
      const error = coder.encode(["bytes4"], ["0x59d1d43c"]);
      const lookup = await lookupOf(ens.universal, resolveCall(textCall("greeting")));
      const response = await signed(lookup.request, ethers.concat(["0x7b1c461b", error]));
      await expect(read(ens.universal, "directCallback", response, lookup.extraData))
        .to.be.revertedWithCustomError(ens.universal, "UnsupportedResolverProfile")
        .withArgs("0x59d1d43c");
    });

    it("wraps a refusal of the resolver in ResolverError", async () => {
      const lookup = await lookupOf(ens.universal, resolveCall(textCall("greeting")));
      const malformed = resolver.interface.encodeErrorResult("MalformedResponse", []);
      await expect(read(ens.universal, "directCallback", "0x1234", lookup.extraData))
        .to.be.revertedWithCustomError(ens.universal, "ResolverError")
        .withArgs(malformed);
    });

    it("makes viem in strict mode fail, not find nothing, when an answer has expired", async () => {
      const viem = await client(text("hello"), -1n);
      const failure = await viem
        .getEnsText({ name: NAME, key: "greeting", strict: true })
        .then(() => null, String);
      const { selector } = resolver.interface.getError("AnswerExpired")!;
      expect(failure).to.contain(selector.slice(2)); // inside ResolverError
    });

    function resolveCall(data: string): string {
      return ens.universal.interface.encodeFunctionData("resolve", [dnsName, data]);
    }

    async function signed(request: string, result: string): Promise<string> {
      const expires = (await latestTimestamp()) + 60n;
      return respond({ target: await resolver.getAddress(), expires, request, result });
    }
  });

  describe("with a legacy resolver of exactly the name", () => {
    let legacy: Contract;
    beforeEach(async () => {
      legacy = await deploy("LegacyResolver");
      await ens.setResolver(NAME, await legacy.getAddress());
      await send(legacy, "setAddr", ethers.namehash(NAME), gatewaySignerAddress);
    });

    it("calls it without any gateway", async () => {
      const viem = await clientOf(ens.universal, () => {
        throw new Error("No gateway should be asked.");
      });
      const address = await viem.getEnsAddress({ name: NAME, strict: true });
      expect(address).to.equal(gatewaySignerAddress);
    });

    it("passes on a revert without data, as of a function that there is not, as an error without data", async () => {
      await expect(resolve(NAME, `0xbc1c58d1${ethers.namehash(NAME).slice(2)}`))
        .to.be.revertedWithCustomError(ens.universal, "ResolverError")
        .withArgs("0x");
    });

    it("wraps its error", async () => {
      await expect(resolve(NAME, textCall("greeting")))
        .to.be.revertedWithCustomError(ens.universal, "ResolverError")
        .withArgs(legacy.interface.encodeErrorResult("TextNotAllowed", ["greeting"]));
    });

    it("splits a multicall, errors included", async () => {
      const addr = legacy.interface.encodeFunctionData("addr", [ethers.namehash(NAME)]);
      const calls = coder.encode(["bytes[]"], [[addr, textCall("greeting"), "0x12345678"]]);
      const results = coder.encode(
        ["bytes[]"],
        [
          [
            coder.encode(["address"], [gatewaySignerAddress]),
            legacy.interface.encodeErrorResult("TextNotAllowed", ["greeting"]),
            "0x",
          ],
        ],
      );
      expect(await resolve(NAME, ethers.concat(["0xac9650d8", calls]))).to.deep.equal([
        results,
        await legacy.getAddress(),
      ]);
    });
  });
});
