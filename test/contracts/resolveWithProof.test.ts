import { expect } from "chai";
import {
  type Contract,
  deployResolver,
  ethers,
  gatewaySignerAddress,
  latestTimestamp,
  MAX_VALIDITY_SEC,
  read,
  revertDataOf,
  send,
} from "./deployment.js";
import {
  type Answer,
  encodeResponse,
  NAME,
  requestOf,
  respond,
  sign,
  textCall,
  validAnswer,
} from "./signedAnswer.js";

const coder = ethers.AbiCoder.defaultAbiCoder();
const CHAIN_ID = 31337n;

describe("OffchainResolver.resolveWithProof", () => {
  let resolver: Contract;
  let answer: Answer;
  beforeEach(async () => {
    resolver = await deployResolver();
    answer = await validAnswer(resolver);
  });

  function prove(response: string, request = answer.request): Promise<unknown> {
    return read(resolver, "resolveWithProof", response, request);
  }

  /** Who a signature over another digest recovers to: nobody that the resolver knows. */
  function recovered(verified: Answer, signature: string): string {
    const packed = ethers.solidityPacked(
      ["bytes2", "address", "uint64", "bytes32", "bytes32"],
      [
        "0x1900",
        verified.target,
        verified.expires,
        ethers.keccak256(verified.request),
        ethers.keccak256(verified.result),
      ],
    );
    return ethers.recoverAddress(ethers.keccak256(packed), signature);
  }

  it("returns the result of a valid answer", async () => {
    expect(await prove(respond(answer))).to.equal(answer.result);
  });

  it("returns an empty record and an empty result as they are", async () => {
    const absent = { ...answer, result: coder.encode(["string"], [""]) };
    expect(await prove(respond(absent))).to.equal(absent.result);
    const empty = { ...answer, result: "0x" };
    expect(await prove(respond(empty))).to.equal("0x");
  });

  it("accepts an answer of any of its signers", async () => {
    const second = new ethers.SigningKey(`0x${"22".repeat(32)}`);
    await send(resolver, "addSigner", ethers.computeAddress(second));
    expect(await prove(respond(answer, second))).to.equal(answer.result);
    expect(await prove(respond(answer))).to.equal(answer.result);
  });

  describe("signed errors", () => {
    it("reverts with exactly the bytes of UnsupportedResolverProfile", async () => {
      const universal = await ethers.getContractAt("IUniversalResolver", ethers.ZeroAddress);
      const result = universal.interface.encodeErrorResult("UnsupportedResolverProfile", [
        "0x12345678",
      ]);
      await expect(prove(respond({ ...answer, result })))
        .to.be.revertedWithCustomError(universal, "UnsupportedResolverProfile")
        .withArgs("0x12345678");
    });

    for (const result of ["0x7b1c461b", `0x7b1c461b${"ab".repeat(64)}`]) {
      it(`reverts with exactly ${(result.length / 2 - 1).toString()} signed bytes`, async () => {
        const callData = resolver.interface.encodeFunctionData("resolveWithProof", [
          respond({ ...answer, result }),
          answer.request,
        ]);
        expect(await revertDataOf(resolver, callData)).to.equal(result);
      });
    }

    const REFUSED = {
      "an OffchainLookup, which would send clients to other URLs": resolverLookup,
      "an error that nobody knows": () => `0x12345678${"00".repeat(32)}`,
      "four zero bytes": () => "0x00000000",
    };
    for (const [what, make] of Object.entries(REFUSED)) {
      it(`refuses ${what}`, async () => {
        const result = make();
        await expect(prove(respond({ ...answer, result })))
          .to.be.revertedWithCustomError(resolver, "UnexpectedSignedError")
          .withArgs(result.slice(0, 10));
      });
    }

    /** In the resolver's own name, as clients want it. */
    function resolverLookup(): string {
      return resolver.interface.encodeErrorResult("OffchainLookup", [
        answer.target,
        ["https://thief.example/{data}"],
        answer.request,
        resolver.interface.getFunction("resolveWithProof")!.selector,
        answer.request,
      ]);
    }

    it("does not revert with bytes that nobody signed", async () => {
      const forged = { ...answer, result: `0x7b1c461b${"00".repeat(32)}` };
      const response = encodeResponse(forged.result, answer.expires, sign(answer));
      await expect(prove(response))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(recovered(forged, sign(answer)));
    });
  });

  describe("the chain id at the end of the request", () => {
    it("must be this chain's, even under a signature that covers another", async () => {
      const request = requestOf(ethers.dnsEncode(NAME), textCall("greeting"), CHAIN_ID + 1n);
      await expect(prove(respond({ ...answer, request }), request))
        .to.be.revertedWithCustomError(resolver, "WrongChain")
        .withArgs(CHAIN_ID, CHAIN_ID + 1n);
    });

    // a gateway signs for any chain what is not in this form, so the resolver must not know the chain of it
    const word = (value: bigint) => ethers.toBeHex(value, 32).slice(2);
    const malformed: Record<string, () => string> = {
      "without it": () => answer.request.slice(0, -64),
      "with one byte more": () => `${answer.request}00`,
      "with one word more": () => answer.request + word(CHAIN_ID),
      "with bytes that pass for it behind the inner call": () => {
        const aligned = `${textCall("greeting")}${"00".repeat(28)}${word(CHAIN_ID)}`;
        return requestOf(ethers.dnsEncode(NAME), aligned).slice(0, -64);
      },
      "with another selector": () => `0x3b3b57de${answer.request.slice(10)}`,
      "without anything": () => "0x",
      "of 163 bytes": () => `0x9061b923${"00".repeat(159)}`,
      "with an offset past the end": () =>
        `0x9061b923${word(2n ** 255n)}${answer.request.slice(10 + 64)}`,
      "with an offset to the last byte": () =>
        `0x9061b923${word(BigInt(answer.request.length / 2 - 6))}${answer.request.slice(10 + 64)}`,
      "with a length past the end": () =>
        `0x9061b923${word(64n)}${word(64n)}${word(2n ** 256n - 1n)}${word(0n)}${word(CHAIN_ID)}`,
    };
    for (const [form, make] of Object.entries(malformed)) {
      it(`must be there and nothing else: not a request ${form}`, async () => {
        const request = make();
        await expect(prove(respond({ ...answer, request }), request))
          .to.be.revertedWithCustomError(resolver, "MalformedRequest")
          .withArgs(BigInt((request.length - 2) / 2));
      });
    }
  });

  describe("validity", () => {
    it("lasts to the end of the second in which the answer expires", async () => {
      const expires = await latestTimestamp();
      expect(await prove(respond({ ...answer, expires }))).to.equal(answer.result);
    });

    it("is over one second later", async () => {
      const timestamp = await latestTimestamp();
      const expires = timestamp - 1n;
      await expect(prove(respond({ ...answer, expires })))
        .to.be.revertedWithCustomError(resolver, "AnswerExpired")
        .withArgs(expires, timestamp);
    });

    it("may be as long as the owner allows", async () => {
      const expires = (await latestTimestamp()) + MAX_VALIDITY_SEC;
      expect(await prove(respond({ ...answer, expires }))).to.equal(answer.result);
    });

    it("may not be one second longer", async () => {
      const latest = (await latestTimestamp()) + MAX_VALIDITY_SEC;
      await expect(prove(respond({ ...answer, expires: latest + 1n })))
        .to.be.revertedWithCustomError(resolver, "ValidityTooLong")
        .withArgs(latest + 1n, latest);
    });

    it("is refused when expires is in milliseconds, and at the largest value there is", async () => {
      const latest = (await latestTimestamp()) + MAX_VALIDITY_SEC;
      for (const expires of [answer.expires * 1000n, 2n ** 64n - 1n]) {
        await expect(prove(respond({ ...answer, expires })))
          .to.be.revertedWithCustomError(resolver, "ValidityTooLong")
          .withArgs(expires, latest);
      }
    });
  });

  describe("each signed field, changed alone after signing", () => {
    const otherRequest = requestOf(ethers.dnsEncode(NAME), textCall("farewell"));

    it("target: an answer for another resolver", async () => {
      const other = { ...answer, target: gatewaySignerAddress };
      await expect(prove(respond(other)))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(recovered(answer, sign(other)));
    });

    it("target: the same answer at a second resolver with the same signer", async () => {
      const second = await deployResolver();
      const verified = { ...answer, target: await second.getAddress() };
      await expect(read(second, "resolveWithProof", respond(answer), answer.request))
        .to.be.revertedWithCustomError(second, "UnknownSigner")
        .withArgs(recovered(verified, sign(answer)));
    });

    it("expires", async () => {
      const later = { ...answer, expires: answer.expires + 1n };
      await expect(prove(encodeResponse(answer.result, later.expires, sign(answer))))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(recovered(later, sign(answer)));
    });

    it("request: the answer to another question", async () => {
      await expect(prove(respond(answer), otherRequest))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(recovered({ ...answer, request: otherRequest }, sign(answer)));
    });

    it("request: the question of a resolver on a chain that appends no id", async () => {
      const unbound = { ...answer, request: answer.request.slice(0, -64) };
      await expect(prove(respond(unbound)))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(recovered(answer, sign(unbound)));
    });

    it("result", async () => {
      const forged = { ...answer, result: coder.encode(["string"], ["hellO"]) };
      await expect(prove(encodeResponse(forged.result, answer.expires, sign(answer))))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(recovered(forged, sign(answer)));
    });

    it("signer: a key that the owner never added", async () => {
      const stranger = new ethers.SigningKey(`0x${"33".repeat(32)}`);
      await expect(prove(respond(answer, stranger)))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(ethers.computeAddress(stranger));
    });

    it("signer: a key that the owner removed, at once", async () => {
      const response = respond(answer);
      await send(resolver, "addSigner", ethers.computeAddress(`0x${"22".repeat(32)}`));
      await send(resolver, "removeSigner", gatewaySignerAddress);
      await expect(prove(response))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(gatewaySignerAddress);
    });
  });
});
