import { expect } from "chai";
import hre from "hardhat";
import type { Hex } from "../../src/abi/hex.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { offchainLookup } from "../../src/ccip/offchainLookup.js";
import { text } from "../../src/ens/resolverFunctions.js";
import { decodeOffchainLookup } from "../../src/lookup/ccipRead.js";
import { CheckLog } from "../../src/lookup/checks.js";
import { createGuardedFetcher, type Fetcher, resolveProfile } from "../../src/sdk/node.js";
import { deploy, ethers, latestTimestamp, MAX_VALIDITY_SEC } from "../contracts/deployment.js";
import { answerJson } from "./loopbackServer.js";
import { expectAbsent, expectFound, expectUntrusted } from "./outcomes.js";
import { createScene, DOMAIN, type Scene } from "./scene.js";
import { type Bend, signingGateway } from "./signingGateway.js";

const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** (r, n - s, other v): verifies wherever malleable signatures are accepted. */
function highS(signature: Hex): Hex {
  const { r, s, yParity } = ethers.Signature.from(signature);
  const twin = ethers.toBeHex(SECP256K1_N - BigInt(s), 32);
  return ethers.concat([r, twin, yParity === 0 ? "0x1c" : "0x1b"]) as Hex;
}

function flipBit(signature: Hex): Hex {
  const bytes = fromHex(signature);
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  return toHex(bytes);
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe("ccipRead", () => {
  let scene: Scene;

  before(async () => {
    scene = await createScene();
  });
  beforeEach(() => scene.reset());
  after(() => scene.close());

  describe("an answer that the resolver refuses", () => {
    const other = new ethers.SigningKey(`0x${"22".repeat(32)}`);
    const bent: Readonly<Record<string, Bend>> = {
      "is signed by another key": { key: other },
      "was signed for another resolver": { signed: { target: `0x${"33".repeat(20)}` } },
      "was signed for another request": { signed: { request: "0x9061b923" } },
      "carries another result than was signed": { sent: { result: `0x${"00".repeat(32)}` } },
    };
    for (const [title, bend] of Object.entries(bent)) {
      it(`${title}: gateway-signature`, async () => {
        scene.gateway.handler = scene.honest(bend);
        expectUntrusted(
          await scene.resolveAlice(),
          "gateway-signature",
          /^The resolver 0x\w+ refuses the answer of http:.* signed by 0x\w{40}, which the resolver does not trust/,
        );
      });
    }

    it("is a signed lookup at other URLs, which nobody asks then: ccip-callback", async () => {
      const request = `0x9061b923${"00".repeat(160)}`;
      const result = scene.resolver.interface.encodeErrorResult("OffchainLookup", [
        ...[scene.resolverAddress, [`${scene.host.url}/{sender}/{data}.json`], request],
        ...[scene.resolver.interface.getFunction("resolveWithProof")!.selector, request],
      ]) as Hex;
      scene.gateway.handler = scene.honest({ signed: { result } });
      expectUntrusted(
        await scene.resolveAlice(),
        "ccip-callback",
        /it is the error 0x556f1830, which the resolver does not pass on/,
      );
      expect(scene.host.requests).to.deep.equal([]);
    });

    it("carries another expiry than was signed: gateway-signature", async () => {
      const expires = (await latestTimestamp()) + 61n;
      scene.gateway.handler = scene.honest({ sent: { expires } });
      expectUntrusted(await scene.resolveAlice(), "gateway-signature", /does not trust/);
    });

    it("has one bit of its signature flipped: gateway-signature", async () => {
      scene.gateway.handler = scene.honest({ signature: flipBit });
      expectUntrusted(await scene.resolveAlice(), "gateway-signature", /refuses the answer/);
    });

    it("has a malleable signature: gateway-signature", async () => {
      scene.gateway.handler = scene.honest({ signature: highS });
      expectUntrusted(await scene.resolveAlice(), "gateway-signature", /signature is malformed/);
    });

    it("has a signature of 64 bytes: gateway-signature", async () => {
      scene.gateway.handler = scene.honest({ signature: (whole) => whole.slice(0, -2) as Hex });
      expectUntrusted(await scene.resolveAlice(), "gateway-signature", /signature has 64 bytes/);
    });

    it("has expired: answer-expiry", async () => {
      const expires = (await latestTimestamp()) - 1n;
      scene.gateway.handler = scene.honest({ signed: { expires } });
      expectUntrusted(await scene.resolveAlice(), "answer-expiry", /expired at 20.*T.*Z/);
    });

    it("is valid for longer than the resolver allows: answer-expiry", async () => {
      const expires = (await latestTimestamp()) + MAX_VALIDITY_SEC + 10n;
      scene.gateway.handler = scene.honest({ signed: { expires } });
      expectUntrusted(await scene.resolveAlice(), "answer-expiry", /later than 20.*T.*Z/);
    });

    it("has an expiry in milliseconds: answer-expiry", async () => {
      const expires = (await latestTimestamp()) * 1000n;
      scene.gateway.handler = scene.honest({ signed: { expires } });
      expectUntrusted(await scene.resolveAlice(), "answer-expiry", /valid until second \d+,/);
    });

    it("is not in the resolver's format: ccip-callback", async () => {
      scene.gateway.handler = answerJson({ data: "0x1234" });
      expectUntrusted(await scene.resolveAlice(), "ccip-callback", /refuses the answer of/);
    });
  });

  it("refuses a signed result that is no text", async () => {
    scene.gateway.handler = scene.honest({ signed: { result: `0x${"ff".repeat(32)}` } });
    expectUntrusted(await scene.resolveAlice(), "record-format", /ABI-encoded data is malformed/);
  });

  it("takes a signed result without bytes for an absent record", async () => {
    scene.gateway.handler = scene.honest({ signed: { result: "0x" } });
    expectAbsent(await scene.resolveAlice(), "no-record", /no DM3 profile/);
  });

  it("follows resolvers of others, whose errors it does not know", async () => {
    const { gateway, ens, options, names } = scene;
    const urls = [`${gateway.url}/{sender}/{data}.json`];
    const signer = ethers.computeAddress(new ethers.SigningKey(`0x${"11".repeat(32)}`));
    const resolver = await deploy("FeaturelessOffchainResolver", signer, urls);
    await ens.setResolver("others.eth", resolver);
    const foreign = await resolver.getAddress();

    gateway.handler = signingGateway(foreign, () => names.get(`alice.${DOMAIN}`));
    const found = await resolveProfile("alice.others.eth", options);
    expectFound(found);

    gateway.handler = signingGateway(foreign, () => undefined, {
      key: new ethers.SigningKey(`0x${"22".repeat(32)}`),
    });
    const refused = await resolveProfile("alice.others.eth", options);
    expectUntrusted(refused, "ccip-callback", /it reverts with 0x[0-9a-f]{8}/);
  });

  describe("an OffchainLookup out of bounds", () => {
    /** `count` URLs, of which every one is the same text: listing them once takes a word each. */
    function aliasedLookup(count: number, urlLength: number): Uint8Array {
      const words = (...values: number[]) =>
        ethers.concat(values.map((v) => ethers.toBeHex(v, 32)));
      const url = "https://g.example/".padEnd(urlLength, "x");
      const list = ethers.concat([
        words(count, ...Array.from({ length: count }, () => count * 32), urlLength),
        ethers.toUtf8Bytes(url),
      ]);
      const empty = 5 * 32;
      const head = words(0, empty + 32, empty, 0, empty);
      return fromHex(ethers.concat([offchainLookup.selector, head, words(0), list]));
    }

    it("is read while it lists 64 URLs", () => {
      const [, urls] = decodeOffchainLookup(new CheckLog(), aliasedLookup(64, 1000));
      expect(urls).to.have.length(64);
      expect(new Set(urls).size).to.equal(1);
    });

    it("lists a thousand URLs that are one and the same: ccip-lookup, at once", () => {
      const lookup = aliasedLookup(1000, 33_000);
      expect(lookup.length).to.be.within(65_000, 65_536);
      const startMs = performance.now();
      const error = thrownBy(() => decodeOffchainLookup(new CheckLog(), lookup));
      expect(performance.now() - startMs).to.be.below(500);
      expect(error).to.have.nested.property("details.check", "ccip-lookup");
      expect(error)
        .to.have.property("message")
        .that.matches(/lists 1000 URLs; 64 is the most/);
    });

    it("lists one URL too many: ccip-lookup", () => {
      const error = thrownBy(() => decodeOffchainLookup(new CheckLog(), aliasedLookup(65, 100)));
      expect(error)
        .to.have.property("message")
        .that.matches(/lists 65 URLs/);
    });

    it("has more than 64 KiB: ccip-lookup", () => {
      const error = thrownBy(() => decodeOffchainLookup(new CheckLog(), aliasedLookup(1, 65_536)));
      expect(error).to.have.nested.property("details.check", "ccip-lookup");
      expect(error)
        .to.have.property("message")
        .that.matches(/65536 is the most we read/);
    });

    it("comes from a resolver, and the name is untrusted well within a second: ccip-lookup", async () => {
      const resolver = await deploy("LegacyResolver");
      const lookup = aliasedLookup(1000, 33_000);
      // copies what follows these 14 bytes into memory, and reverts with it
      const size = lookup.length.toString(16).padStart(6, "0");
      const code = `0x62${size}600e5f3962${size}5ffd${toHex(lookup).slice(2)}`;
      await hre.network.provider.send("hardhat_setCode", [await resolver.getAddress(), code]);
      await scene.ens.setResolver("hostile.eth", resolver);
      const startMs = performance.now();
      const outcome = await resolveProfile("hostile.eth", scene.options);
      expect(performance.now() - startMs).to.be.below(1_000);
      expectUntrusted(outcome, "ccip-lookup", /lists 1000 URLs/);
      expect(scene.gateway.requests).to.deep.equal([]);
    });
  });

  describe("with NestingResolver", () => {
    /** The resolver's URL is https://gateway.example/; this leads it to this machine. */
    const fetcher: Fetcher = (request) => {
      const url = request.url.replace("https://gateway.example", scene.gateway.url);
      return createGuardedFetcher({ allowLoopback: true })({ ...request, url });
    };

    async function resolveNested(lookups: number, sender = ethers.ZeroAddress) {
      const resolver = await deploy("NestingResolver", true, lookups, sender);
      await scene.ens.setResolver("nested.eth", resolver);
      // what the resolver returns at the end are the bytes that its gateway answered
      scene.gateway.handler = answerJson({ data: toHex(text.encodeOutput("")) });
      return resolveProfile("nested.eth", { ...scene.options, fetcher });
    }

    it("follows four lookups", async () => {
      expectAbsent(await resolveNested(4), "no-record", /no DM3 profile/);
    });

    it("refuses the fifth: ccip-nesting", async () => {
      expectUntrusted(await resolveNested(5), "ccip-nesting", /more than 4 lookups in a row/);
    });

    it("refuses a lookup of another contract: ccip-sender", async () => {
      const outcome = await resolveNested(1, scene.resolverAddress);
      expectUntrusted(outcome, "ccip-sender", /passes on a lookup of .* ERC-3668 forbids/);
    });
  });
});
