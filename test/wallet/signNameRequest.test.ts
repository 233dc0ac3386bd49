import { expect } from "chai";
import { Wallet as EthersWallet } from "ethers";
import { checksumAddress } from "../../src/ens/address.js";
import {
  connectWallet,
  type NameRequestTypedData,
  type OwnerWallet,
  type SignedFor,
  signNameRequest,
} from "../../src/sdk/index.js";
import { contentHash } from "../../src/signing/nameRequest.js";
import type { NextRequest } from "../../src/wire/nextRequest.js";
import { signedRequestSchema } from "../../src/wire/signedRequestSchema.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";

const [MAINNET, BASE] = [
  { chainId: "1", resolver: `0x${"5f".repeat(20)}` },
  { chainId: "8453", resolver: `0x${"6a".repeat(20)}` },
];
const NEXT: NextRequest = {
  name: "alice.users.example.eth",
  domain: "users.example.eth",
  owner: null,
  held: false,
  suspended: false,
  sequence: 7,
  resolvers: [MAINNET, BASE],
};

describe("sdk/wallet: signNameRequest", () => {
  let wallet: OwnerWallet;
  let shown: NameRequestTypedData[];
  beforeEach(async () => {
    const signer = await connectWallet(EthersWallet.createRandom());
    shown = [];
    wallet = {
      ...signer,
      signTypedData: (typedData) => {
        shown.push(typedData);
        return signer.signTypedData(typedData);
      },
    };
  });
  const sequenceOf = () => shown.map(({ message }) => message.sequence);

  it("asks once, for exactly what is sent", async () => {
    const records = { texts: { avatar: "a" } };
    const nowSec = Date.now() / 1000;
    const signed = await signNameRequest(wallet, NEXT, { action: "setRecords", records });
    expect(signedRequestSchema.parse(signed)).to.deep.equal(signed);
    expect(signed.content).to.deep.equal({ records });
    const { deadline, ...request } = signed.request;
    expect(request).to.deep.equal({
      action: "setRecords",
      domain: NEXT.domain,
      name: NEXT.name,
      contentHash: contentHash({ records }),
      sequence: 7,
    });
    expect(deadline).to.be.within(nowSec + 598, nowSec + 602);
    expect(shown).to.have.length(1);
    expect(shown[0]!.message).to.deep.equal(signed.request);
  });

  it("uses no sequence to read a history, and to sign in", async () => {
    await signNameRequest(wallet, NEXT, { action: "readHistory" });
    await signNameRequest(wallet, NEXT, { action: "openSession", scopes: ["names:read"] });
    expect(sequenceOf()).to.deep.equal([0, 0]);
  });

  it("signs for the resolver that it was told, the one on the wallet's chain, or the first", async () => {
    const chosen = async (chainId?: bigint, signedFor?: SignedFor, next = NEXT) => {
      const on =
        chainId === undefined ? wallet : { ...wallet, chainId: () => Promise.resolve(chainId) };
      const signed = await signNameRequest(on, next, { action: "claim" }, signedFor);
      const { domain } = shown.at(-1)!;
      expect(domain.verifyingContract.toLowerCase()).to.equal(signed.resolver);
      expect(String(domain.chainId)).to.equal(signed.chainId);
      return { chainId: signed.chainId, resolver: signed.resolver };
    };
    expect(await chosen()).to.deep.equal(MAINNET);
    expect(await chosen(8453n)).to.deep.equal(BASE);
    expect(await chosen(10n)).to.deep.equal(MAINNET);
    expect(await chosen(1n, BASE)).to.deep.equal(BASE);
    const capital = { ...BASE, resolver: checksumAddress(bytes(20, 0x6a)) };
    expect(await chosen(1n, capital)).to.deep.equal(BASE);
    expect(await chosen(8453n, undefined, { ...NEXT, resolvers: [MAINNET] })).to.deep.equal(
      MAINNET,
    );
  });

  it("signs nothing for another resolver, for none, or outside of the domain", async () => {
    const refused = async (
      next: NextRequest,
      signedFor: SignedFor | undefined,
      code: "INVALID_REQUEST" | "UNREACHABLE",
      sentence: RegExp,
    ) => {
      const signing = signNameRequest(wallet, next, { action: "claim" }, signedFor);
      await expectRejection(signing, code, sentence);
    };
    const otherChain = { ...MAINNET, chainId: "10" };
    const otherResolver = { ...MAINNET, resolver: BASE.resolver };
    await refused(NEXT, otherChain, "INVALID_REQUEST", /on chain 10 does not answer/);
    await refused(NEXT, otherResolver, "INVALID_REQUEST", /0x6a6a.* does not answer/);
    await refused({ ...NEXT, resolvers: [] }, undefined, "INVALID_REQUEST", /No resolver answers/);
    for (const domain of [
      "example.com",
      "xusers.example.eth",
      "alice.users.example.eth.evil.eth",
    ]) {
      await refused({ ...NEXT, domain }, undefined, "UNREACHABLE", /says that .* lies under/);
    }
    expect(shown).to.deep.equal([]);
  });

  it("counts the deadline by the service's clock, and by the device's where the service tells none", async () => {
    const deadlineOf = async (next: NextRequest) =>
      (await signNameRequest(wallet, next, { action: "claim" })).request.deadline;
    expect(await deadlineOf({ ...NEXT, nowSec: 1_000 })).to.equal(1_600);
    expect(await deadlineOf(NEXT)).to.be.closeTo(Date.now() / 1000 + 600, 5);
  });

  describe("with a wallet on another chain", () => {
    /** A browser wallet on `chainId`, whose answer to a wish for another chain is `answer`. */
    const onChain = async (chainId: string, answer: (wanted: unknown) => unknown) => {
      const asked: string[] = [];
      const { address } = wallet;
      const browserWallet = await connectWallet({
        request: ({ method, params }) => {
          asked.push(method);
          if (method === "eth_accounts") return Promise.resolve([address]);
          if (method === "eth_chainId") return Promise.resolve(chainId);
          if (method !== "wallet_switchEthereumChain") return Promise.resolve("0x");
          return Promise.resolve(answer(params[0]));
        },
      });
      const sign = () => signNameRequest(browserWallet, NEXT, { action: "claim" }, MAINNET);
      return { asked, sign };
    };
    const refusal = (code: number) => () => {
      throw Object.assign(new Error("refused"), { code });
    };

    it("asks it to come to the resolver's, before it is asked to sign", async () => {
      let wanted: unknown;
      const { asked, sign } = await onChain("0x2105", (chain) => (wanted = chain));
      await sign();
      expect(wanted).to.deep.equal({ chainId: "0x1" });
      expect(asked.slice(-2)).to.deep.equal(["wallet_switchEthereumChain", "eth_signTypedData_v4"]);
    });

    it("does not where it is there, and signs all the same where the wallet knows no such wish", async () => {
      const there = await onChain("0x1", refusal(4001));
      await there.sign();
      expect(there.asked).to.not.include("wallet_switchEthereumChain");
      for (const code of [4200, -32601, -32004])
        await (await onChain("0x2105", refusal(code))).sign();
    });

    it("says that the chain has to be added, and passes on that the person declined", async () => {
      const unknown = await onChain("0x2105", refusal(4902));
      await expectRejection(unknown.sign(), "INVALID_REQUEST", /does not know chain 1,.* Add it/);
      const declined = await onChain("0x2105", refusal(4001));
      const error = await declined.sign().catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 4001 });
    });
  });
});
