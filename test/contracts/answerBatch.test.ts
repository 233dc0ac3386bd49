/** Answers that share one signature, offered to the resolver: which it accepts, and by which name it refuses each other. */
import { expect } from "chai";
import {
  digestOfRoot,
  leafOf,
  nodeOf,
  openedByEthers,
  ROOT_TAG,
  treeOf,
} from "../interop/make/batchByEthers.js";
import {
  type Contract,
  deployResolver,
  ethers,
  gatewaySigner,
  gatewaySignerAddress,
  read,
  revertDataOf,
  send,
} from "./deployment.js";
import {
  type Answer,
  digestOf,
  encodeResponse,
  NAME,
  requestOf,
  sign,
  signTogether,
  textCall,
  validAnswer,
} from "./signedAnswer.js";

const coder = ethers.AbiCoder.defaultAbiCoder();
const { concat, dataLength, dataSlice, hexlify } = ethers;
const stranger = new ethers.SigningKey(`0x${"57".repeat(32)}`);

describe("Answers of a batch, and OffchainResolver", () => {
  let resolver: Contract;
  let answer: Answer;
  let answers: Answer[];
  beforeEach(async () => {
    resolver = await deployResolver();
    answer = await validAnswer(resolver);
    answers = [answer, ...["a", "b", "c", "d"].map(withText)];
  });

  /** Another answer to the same request: so nothing but its digest is in the way. */
  function withText(text: string): Answer {
    return { ...answer, result: coder.encode(["string"], [text]) };
  }

  function prove(field: string, offered = answer, to = resolver): Promise<unknown> {
    const response = encodeResponse(offered.result, offered.expires, field);
    return read(to, "resolveWithProof", response, offered.request);
  }

  /** The name of the error that refuses this field for the answer. */
  async function refusalOf(field: string): Promise<string> {
    const response = encodeResponse(answer.result, answer.expires, field);
    const call = resolver.interface.encodeFunctionData("resolveWithProof", [
      response,
      answer.request,
    ]);
    const errorData = await revertDataOf(resolver, call);
    return resolver.interface.parseError(errorData)?.name ?? errorData;
  }

  /** The field of `answer` in a batch of two, or what a fault makes of its parts. */
  function fieldWith(
    parts: { root?: string; signed?: string; salt?: string; path?: string[] },
    key = gatewaySigner,
  ): string {
    const salt = parts.salt ?? `0x${"5a".repeat(16)}`;
    const path = parts.path ?? [leafOf({ digest: digestOfText("a"), salt: SALT })];
    const reached = path.reduce(nodeOf, leafOf({ digest: hexlify(digestOf(answer)), salt }));
    const root = parts.root ?? reached;
    const signature = key.sign(parts.signed ?? digestOfRoot(root)).serialized;
    return concat([root, signature, salt, ...path]);
  }
  const SALT = `0x${"a5".repeat(16)}`;
  const digestOfText = (text: string) => hexlify(digestOf(withText(text)));

  function expectNotInBatch(proving: Promise<unknown>) {
    return expect(proving).to.be.revertedWithCustomError(resolver, "PathNotInBatch");
  }

  it("are each accepted, whatever their place", async () => {
    for (const count of [2, 3, 4, 5]) {
      const together = answers.slice(0, count);
      for (const [index, field] of signTogether(together).entries()) {
        expect(await prove(field, together[index])).to.equal(together[index]!.result);
      }
    }
  });

  it("share one signature among resolvers, and each resolver takes its own only", async () => {
    const second = await deployResolver();
    const theirs = { ...answer, target: await second.getAddress() };
    const [ours, field] = signTogether([answer, theirs]) as [string, string];
    expect(dataSlice(ours, 0, 97)).to.equal(dataSlice(field, 0, 97));
    expect(await prove(ours, answer, resolver)).to.equal(answer.result);
    expect(await prove(field, theirs, second)).to.equal(theirs.result);
    await expectNotInBatch(prove(field, theirs, resolver));
    await expectNotInBatch(prove(ours, answer, second));
  });

  it("may lie below a path of 1 to 12 words, and no longer one", async () => {
    for (let levels = 1; levels <= 13; levels++) {
      const path = Array.from({ length: levels }, (_, level) => ethers.id(level.toString()));
      const field = fieldWith({ path });
      if (levels <= 12) expect(await prove(field)).to.equal(answer.result);
      else {
        await expect(prove(field))
          .to.be.revertedWithCustomError(resolver, "InvalidSignatureLength")
          .withArgs(113n + 32n * 13n);
      }
    }
  });

  it("cannot be one alone: that is sent with 65 bytes", async () => {
    const field = fieldWith({ path: [] });
    await expect(prove(field))
      .to.be.revertedWithCustomError(resolver, "InvalidSignatureLength")
      .withArgs(113n);
    expect(await prove(sign(answer))).to.equal(answer.result);
  });

  it("have no length beside these", async () => {
    const longest = fieldWith({ path: Array<string>(14).fill(ethers.id("level")) });
    const lengths = Array.from({ length: dataLength(longest) + 1 }, (_, length) => length);
    const harness = await ethers.deployContract("AnswerBatchHarness");
    const offered = digestOf(answer);
    const verdicts = (await read(
      harness,
      "judge",
      lengths.map((length) => [offered, dataSlice(longest, 0, length)]),
    )) as [signed: string, signature: string, refusal: string][];
    const selectorOf = (error: string) => resolver.interface.getError(error)!.selector;
    for (const [length, [, , refusal]] of verdicts.entries()) {
      const isBatch = length > 113 && length <= 113 + 12 * 32 && (length - 113) % 32 === 0;
      const expected = isBatch ? "PathNotInBatch" : "InvalidSignatureLength";
      expect(refusal, length.toString()).to.equal(
        length === 65 ? "0x00000000" : selectorOf(expected),
      );
    }
    for (const length of [0, 64, 66, 112, 114, 144, 146, 176]) {
      await expect(prove(dataSlice(longest, 0, length)))
        .to.be.revertedWithCustomError(resolver, "InvalidSignatureLength")
        .withArgs(BigInt(length));
    }
  });

  it("cannot be cut to 65 bytes: those are read as a signature, and nobody made it", async () => {
    for (let run = 0; run < 20; run++) {
      const [field] = signTogether(answers) as [string];
      expect(await refusalOf(dataSlice(field, 0, 65))).to.match(
        /^(InvalidSignature|UnknownSigner)$/,
      );
    }
  });

  describe("with a path that leads elsewhere", () => {
    it("are told root and what was reached", async () => {
      const root = ethers.id("another");
      const salt = `0x${"5a".repeat(16)}`;
      const path = [ethers.id("neighbour")];
      const reached = nodeOf(leafOf({ digest: hexlify(digestOf(answer)), salt }), path[0]!);
      await expectNotInBatch(prove(fieldWith({ root, salt, path }))).withArgs(root, reached);
    });

    it("are refused for it before the signer is looked at", async () => {
      const root = ethers.id("another");
      await expectNotInBatch(prove(fieldWith({ root }, stranger)));
      const honest = fieldWith({ root });
      const nobodys = concat([root, `0x${"00".repeat(65)}`, dataSlice(honest, 97)]);
      await expectNotInBatch(prove(nobodys));
    });

    it("are refused when one bit of root, salt or path is flipped", async () => {
      const [field] = signTogether(answers) as [string];
      const bytes = ethers.getBytes(field);
      for (let at = 0; at < bytes.length; at++) {
        const flipped = bytes.slice();
        flipped[at]! ^= 1 << (at % 8);
        const isOfSignature = at >= 32 && at < 97;
        expect(await refusalOf(hexlify(flipped)), at.toString()).to.match(
          isOfSignature ? /^(InvalidSignature|UnknownSigner)$/ : /^PathNotInBatch$/,
        );
      }
    });

    it("are refused when two levels change places, one is missing, or one is too many", async () => {
      const [field] = signTogether(answers) as [string];
      const head = dataSlice(field, 0, 113);
      const [first, second, third] = [0, 1, 2].map((level) =>
        dataSlice(field, 113 + 32 * level, 145 + 32 * level),
      ) as [string, string, string];
      expect(dataLength(field)).to.equal(113 + 3 * 32);
      expect(await prove(concat([head, first, second, third]))).to.equal(answer.result);
      for (const path of [
        [second, first, third],
        [first, third, second],
        [second, third],
        [first, second],
        [first, second, third, third],
        [first, first, second, third],
      ]) {
        await expectNotInBatch(prove(concat([head, ...path])));
      }
    });

    it("are refused with the path and salt of another answer, and with another batch's root", async () => {
      const [own, neighbours] = signTogether(answers) as [string, string];
      const [others] = signTogether(answers.slice(0, 3)) as [string];
      await expectNotInBatch(prove(neighbours));
      await expectNotInBatch(prove(concat([dataSlice(own, 0, 97), dataSlice(others, 97)])));
      await expectNotInBatch(prove(concat([dataSlice(others, 0, 97), dataSlice(own, 97)])));
    });
  });

  describe("that nobody gave", () => {
    /** What strangers have: the fields of honest answers, in which theirs is not. */
    const forged = () => withText("https://thief.example");

    it("do not join by a node, a leaf or the root in the place of an answer", async () => {
      const leaves = answers.map((one) => ({ digest: hexlify(digestOf(one)), salt: SALT }));
      const { root, paths } = treeOf(leaves);
      const signature = gatewaySigner.sign(digestOfRoot(root)).serialized;
      const [neighbour, above, last] = paths[0] as [string, string, string];
      const honest = leaves[0]!;
      const parent = nodeOf(leafOf(honest), neighbour);
      const harness = await ethers.deployContract("AnswerBatchHarness");
      const open = (offered: string, path: string[], salt = SALT) =>
        read(harness, "open", offered, concat([root, signature, salt, ...path]));

      expect(await open(honest.digest, paths[0]!)).to.deep.equal([digestOfRoot(root), signature]);
      for (const [offered, path] of [
        [leafOf(honest), paths[0]!],
        [parent, [above, last]],
        [nodeOf(parent, above), [last]],
        [root, [last]],
        [digestOfRoot(root), [last]],
      ] as const) {
        for (const salt of [SALT, dataSlice(neighbour, 0, 16), dataSlice(neighbour, 16)]) {
          await expectNotInBatch(open(offered, [...path], salt));
        }
      }
    });

    it("do not pass under the signature of one answer, taken for that of a root", async () => {
      const ofAnswer = hexlify(digestOf(answer));
      const theirs = hexlify(digestOf(forged()));
      const path = [leafOf({ digest: ofAnswer, salt: SALT })];
      const root = nodeOf(leafOf({ digest: theirs, salt: SALT }), path[0]!);
      const field = (named: string) => concat([named, sign(answer), SALT, ...path]);
      // the answer's digest as the root: no path leads there
      await expectNotInBatch(prove(field(ofAnswer), forged()));
      // a root of their own under it: what was signed was no root
      await expect(prove(field(root), forged()))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(ethers.recoverAddress(digestOfRoot(root), sign(answer)));
    });

    it("do not pass under the signature of a root, taken for that of one answer", async () => {
      const [field] = signTogether(answers) as [string];
      const signature = dataSlice(field, 32, 97);
      for (const offered of [answer, forged()]) {
        await expect(prove(signature, offered))
          .to.be.revertedWithCustomError(resolver, "UnknownSigner")
          .withArgs(ethers.recoverAddress(digestOf(offered), signature));
      }
    });

    it("are not signed by a root that is signed without its tag, or as a node or leaf", async () => {
      const honest = fieldWith({});
      const root = dataSlice(honest, 0, 32);
      for (const signed of [
        root,
        ethers.keccak256(root),
        nodeOf(root, root),
        leafOf({ digest: root, salt: SALT }),
        ethers.hashMessage(ethers.getBytes(digestOfRoot(root))),
      ]) {
        await expect(prove(fieldWith({ signed }))).to.be.revertedWithCustomError(
          resolver,
          "UnknownSigner",
        );
      }
      expect(digestOfRoot(root)).to.equal(ethers.keccak256(concat([ROOT_TAG, root])));
      expect(await prove(honest)).to.equal(answer.result);
    });
  });

  it("must be of this chain, in time and well-formed, as any answer", async () => {
    const elsewhere = {
      ...answer,
      request: requestOf(ethers.dnsEncode(NAME), textCall("greeting"), 1n),
    };
    const unbound = {
      ...answer,
      request: dataSlice(answer.request, 0, dataLength(answer.request) - 32),
    };
    const expired = { ...answer, expires: 1n };
    const tooLong = { ...answer, expires: answer.expires + 86_400n };
    const named = {
      WrongChain: elsewhere,
      MalformedRequest: unbound,
      AnswerExpired: expired,
      ValidityTooLong: tooLong,
    };
    const all = [answer, ...Object.values(named)];
    const fields = signTogether(all);
    for (const [index, error] of Object.keys(named).entries()) {
      await expect(prove(fields[index + 1]!, all[index + 1])).to.be.revertedWithCustomError(
        resolver,
        error,
      );
    }
    // signed for another chain, and offered here
    await expectNotInBatch(prove(fields[1]!, answer));
    expect(await prove(fields[0]!)).to.equal(answer.result);
  });

  it("must be signed by a signer, in canonical form", async () => {
    const [strangers] = signTogether(answers, stranger) as [string];
    await expect(prove(strangers))
      .to.be.revertedWithCustomError(resolver, "UnknownSigner")
      .withArgs(ethers.computeAddress(stranger));
    const [field] = signTogether(answers) as [string];
    const nobodys = concat([
      dataSlice(field, 0, 32),
      `0x${"00".repeat(64)}1b`,
      dataSlice(field, 97),
    ]);
    await expect(prove(nobodys)).to.be.revertedWithCustomError(resolver, "InvalidSignature");
    expect(ethers.recoverAddress(...recoverable(field))).to.equal(gatewaySignerAddress);
  });

  function recoverable(field: string): [string, string] {
    const { digest, signature } = openedByEthers(field, hexlify(digestOf(answer)));
    return [digest, signature];
  }

  it("no longer count once their signer was removed", async () => {
    const other = await deployResolver({
      signers: [gatewaySignerAddress, ethers.computeAddress(stranger)],
    });
    const theirs = { ...answer, target: await other.getAddress() };
    const [field] = signTogether([theirs, answer]) as [string];
    expect(await prove(field, theirs, other)).to.equal(answer.result);
    await send(other, "removeSigner", gatewaySignerAddress);
    await expect(prove(field, theirs, other))
      .to.be.revertedWithCustomError(other, "UnknownSigner")
      .withArgs(gatewaySignerAddress);
  });

  it("may be the error that a gateway needs, and no lookup of anybody", async () => {
    const universal = await ethers.getContractAt("IUniversalResolver", ethers.ZeroAddress);
    const unsupported = universal.interface.encodeErrorResult("UnsupportedResolverProfile", [
      "0x12345678",
    ]);
    const lookup = resolver.interface.encodeErrorResult("OffchainLookup", [
      answer.target,
      ["https://thief.example/{data}"],
      answer.request,
      "0xf4d4d2f8",
      answer.request,
    ]);
    const errors = [unsupported, lookup].map((result) => ({ ...answer, result }));
    const [first, second] = signTogether(errors) as [string, string];
    await expect(prove(first, errors[0]))
      .to.be.revertedWithCustomError(universal, "UnsupportedResolverProfile")
      .withArgs("0x12345678");
    await expect(prove(second, errors[1]))
      .to.be.revertedWithCustomError(resolver, "UnexpectedSignedError")
      .withArgs("0x556f1830");
  });
});
