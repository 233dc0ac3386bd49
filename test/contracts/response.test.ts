import { expect } from "chai";
import {
  type Contract,
  deployResolver,
  ethers,
  gatewaySigner,
  gatewaySignerAddress,
  read,
  revertDataOf,
} from "./deployment.js";
import { type Answer, encodeResponse, respond, sign, validAnswer } from "./signedAnswer.js";

const coder = ethers.AbiCoder.defaultAbiCoder();
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("The response that OffchainResolver accepts", () => {
  let resolver: Contract;
  let answer: Answer;
  before(async () => {
    resolver = await deployResolver();
    answer = await validAnswer(resolver);
  });

  function prove(response: string): Promise<unknown> {
    return read(resolver, "resolveWithProof", response, answer.request);
  }

  describe("signature", () => {
    function withSignature(signature: string): string {
      return encodeResponse(answer.result, answer.expires, signature);
    }

    it("must have a low s: the other half of the curve is the same signature again", async () => {
      const { r, s, v } = ethers.Signature.from(sign(answer));
      const high = ethers.concat([
        r,
        ethers.toBeHex(CURVE_ORDER - BigInt(s), 32),
        ethers.toBeHex(v === 27 ? 28 : 27, 1),
      ]);
      await expect(prove(withSignature(high))).to.be.revertedWithCustomError(
        resolver,
        "InvalidSignature",
      );
    });

    it("must be 65 bytes: not the 64 of ERC-2098, not 66, not none", async () => {
      const signature = sign(answer);
      const compact = ethers.Signature.from(signature).compactSerialized;
      expect(ethers.dataLength(compact)).to.equal(64);
      for (const wrong of [compact, `${signature}00`, "0x"]) {
        await expect(prove(withSignature(wrong)))
          .to.be.revertedWithCustomError(resolver, "InvalidSignatureLength")
          .withArgs(BigInt(ethers.dataLength(wrong)));
      }
    });

    it("must have v 27 or 28", async () => {
      const signature = sign(answer);
      for (const v of ["00", "01", "1a", "1d", "ff"]) {
        await expect(
          prove(withSignature(signature.slice(0, -2) + v)),
        ).to.be.revertedWithCustomError(resolver, "InvalidSignature");
      }
    });

    it("must not be all zero: nobody is not a signer", async () => {
      for (const v of ["1b", "1c"]) {
        await expect(
          prove(withSignature(`0x${"00".repeat(64)}${v}`)),
        ).to.be.revertedWithCustomError(resolver, "InvalidSignature");
      }
    });

    it("must not have a single bit of its 520 flipped", async () => {
      const signature = BigInt(sign(answer));
      const refusals: Record<string, number> = {};
      for (let bit = 0n; bit < 520n; bit++) {
        const flipped = ethers.toBeHex(signature ^ (1n << bit), 65);
        const name = await refusalOf(withSignature(flipped));
        refusals[name] = (refusals[name] ?? 0) + 1;
      }
      expect(refusals).to.have.all.keys("InvalidSignature", "UnknownSigner");
      expect(Object.values(refusals).reduce((sum, count) => sum + count)).to.equal(520);
    });

    /** The name of the error that refuses `response`; fails if it is accepted. */
    async function refusalOf(response: string): Promise<string> {
      const values = [response, answer.request];
      const callData = resolver.interface.encodeFunctionData("resolveWithProof", values);
      const errorData = await revertDataOf(resolver, callData);
      return resolver.interface.parseError(errorData)?.name ?? errorData;
    }

    it("is over the digest itself, not over it as a personal message", async () => {
      const digest = ethers.solidityPackedKeccak256(
        ["bytes2", "address", "uint64", "bytes32", "bytes32"],
        [
          "0x1900",
          answer.target,
          answer.expires,
          ethers.keccak256(answer.request),
          ethers.keccak256(answer.result),
        ],
      );
      expect(gatewaySigner.sign(digest).serialized).to.equal(sign(answer));
      const personal = gatewaySigner.sign(ethers.hashMessage(ethers.getBytes(digest))).serialized;
      expect(ethers.recoverAddress(digest, personal)).to.not.equal(gatewaySignerAddress);
      await expect(prove(withSignature(personal)))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(ethers.recoverAddress(digest, personal));
    });
  });

  describe("encoding", () => {
    it("may be followed by other bytes: no check depends on them", async () => {
      expect(await prove(`${respond(answer)}ffff`)).to.equal(answer.result);
    });

    /** A response with one word of its head, or the length of its first bytes, replaced. */
    function withWord(index: number, word: bigint): string {
      const words = respond(answer).slice(2).match(/.{64}/g)!;
      words[index] = ethers.toBeHex(word, 32).slice(2);
      return `0x${words.join("")}`;
    }

    const malformed: Record<string, () => string> = {
      "is empty": () => "0x",
      "ends within the three words of its head": () => `0x${"00".repeat(95)}`,
      "ends within the signature": () => {
        const response = respond(answer);
        // the signature's 65 bytes are padded to 96: cut one byte more than the padding
        return ethers.dataSlice(response, 0, ethers.dataLength(response) - 32);
      },
      "has an offset of its result just behind its end": () =>
        withWord(0, BigInt(ethers.dataLength(respond(answer)) - 31)),
      "has the largest offset of its result": () => withWord(0, 2n ** 256n - 1n),
      "has the largest offset of its signature": () => withWord(2, 2n ** 256n - 1n),
      "has an expires over 64 bits": () => withWord(1, answer.expires + 2n ** 64n),
      "has a result longer than itself": () =>
        withWord(3, BigInt(ethers.dataLength(respond(answer)) - 127)),
      "has a result of the greatest length": () => withWord(3, 2n ** 256n - 1n),
    };
    for (const [how, response] of Object.entries(malformed)) {
      it(`is malformed when it ${how}`, async () => {
        await expect(prove(response())).to.be.revertedWithCustomError(
          resolver,
          "MalformedResponse",
        );
      });
    }

    it("is checked like any other when result and signature change places", async () => {
      const swapped = encodeResponse(sign(answer), answer.expires, answer.result);
      await expect(prove(swapped))
        .to.be.revertedWithCustomError(resolver, "InvalidSignatureLength")
        .withArgs(BigInt(ethers.dataLength(answer.result)));
    });

    it("is read as every ABI decoder reads it: offsets may point anywhere inside", async () => {
      const [result, signature] = [answer.result, sign(answer)];
      const tail = (bytes: string) => coder.encode(["bytes"], [bytes]).slice(2 + 64); // without the offset
      const signatureLength = tail(signature).length / 2;
      const head = coder.encode(
        ["uint256", "uint256", "uint256"],
        [96 + signatureLength, answer.expires, 96],
      );
      expect(await prove(head + tail(signature) + tail(result))).to.equal(answer.result);
    });
  });
});
