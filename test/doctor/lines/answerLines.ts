import { expect } from "chai";
import { computeAddress, hashMessage, Signature, toBeHex } from "ethers";
import { digestFrom } from "../../../src/abi/digest.js";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { keccak256 } from "../../../src/abi/keccak256.js";
import { type AnswerBatch, batchOf } from "../../../src/ccip/answerBatch.js";
import { SALT_BYTES } from "../../../src/ccip/batchSignature.js";
import { judgeExpiry } from "../../../src/doctor/checks/expiry.js";
import { addressFrom } from "../../../src/ens/address.js";
import { addr } from "../../../src/ens/resolverFunctions.js";
import { serve } from "../../lookup/loopbackServer.js";
import { expectOnly, lineOf } from "../diagnosis.js";
import { type Bend, type Signing, strangerKey, testKey, type Ward } from "../ward.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

export function answerLines(ward: () => Ward): void {
  const resigned = (signing: () => Signing): Bend => {
    return (sent, asked) => {
      if (asked.method === "POST" && sent.status === 200) ward().resign(sent, asked, signing());
    };
  };
  const nowSec = () => BigInt(Math.floor(Date.now() / 1000));

  it("an answer signed anew by a trusted key is in order", async () => {
    ward().bend(resigned(() => ({})));
    expectOnly(
      await ward().examine(),
      "answer-signer",
      "passed",
      new RegExp(computeAddress(testKey)),
    );
  });

  it("answer-expiry: expired", async () => {
    ward().bend(resigned(() => ({ expires: nowSec() - 100n })));
    expectOnly(await ward().examine(), "answer-expiry", "failed", /expired \d+ s ago/);
  });

  it("answer-expiry: longer than the resolver allows", async () => {
    ward().bend(resigned(() => ({ expires: nowSec() + 2000n })));
    expectOnly(await ward().examine(), "answer-expiry", "failed", /the resolver allows 900 s/);
  });

  it("answer-expiry: milliseconds", async () => {
    ward().bend(resigned(() => ({ expires: BigInt(Date.now() + 240_000) })));
    expectOnly(
      await ward().examine(),
      "answer-expiry",
      "failed",
      /milliseconds instead of seconds/,
    );
  });

  it("answer-expiry: too short and too long to be wise", async () => {
    ward().bend(resigned(() => ({ expires: nowSec() + 45n })));
    expectOnly(await ward().examine(), "answer-expiry", "warning", /^valid for [1-5]\d s$/);
    const long = { chainTimeSec: 1000n, longestSec: null, accepted: true };
    expect(judgeExpiry({ ...long, expiresSec: 4600n }).status).to.equal("passed");
    expect(judgeExpiry({ ...long, expiresSec: 4601n }).status).to.equal("warning");
    expect(judgeExpiry({ ...long, expiresSec: 1055n }).status).to.equal("passed");
    expect(judgeExpiry({ ...long, expiresSec: 1054n }).status).to.equal("warning");
    expect(judgeExpiry({ ...long, expiresSec: 999n }).status).to.equal("failed");
    const bounded = { ...long, longestSec: 300n };
    expect(judgeExpiry({ ...bounded, expiresSec: 1300n }).status).to.equal("passed");
    expect(judgeExpiry({ ...bounded, expiresSec: 1301n }).status).to.equal("failed");
    const forever = judgeExpiry({ ...long, expiresSec: 1_900_000_000_000n });
    expect(forever.status).to.equal("warning");
    expect(forever.seen).to.match(/milliseconds/);
  });

  const signatures: [what: string, seen: RegExp, signing: () => Signing][] = [
    [
      "by a stranger",
      /signed by 0x\w+, which the resolver does not trust/,
      () => ({ key: strangerKey }),
    ],
    [
      "with the prefix of personal_sign",
      /a key that the resolver trusts, but with the prefix of personal_sign/,
      () => ({ digest: (digest) => hashMessage(digest) }),
    ],
    [
      "in 64 bytes",
      /64 bytes, a form that OpenZeppelin/,
      () => ({ signature: (signature) => Signature.from(signature).compactSerialized }),
    ],
    [
      "in 66 bytes",
      /66 bytes instead of 65/,
      () => ({ signature: (signature) => `${signature}00` }),
    ],
    [
      "with v 0 or 1",
      /last byte \(v\) is [01]/,
      () => ({
        signature: (signature) =>
          `${signature.slice(0, -2)}0${signature.endsWith("1b") ? "0" : "1"}`,
      }),
    ],
    ["with a high s", /s is high/, () => ({ signature: highS })],
  ];
  for (const [what, seen, signing] of signatures) {
    it(`answer-signer: signed ${what}`, async () => {
      ward().bend(resigned(signing));
      expectOnly(await ward().examine(), "answer-signer", "failed", seen);
    });
  }

  describe("in a batch", () => {
    const neighbour = keccak256(new Uint8Array(1));
    const leaves = new Uint8Array(2 * SALT_BYTES).fill(5);
    /** Signs the answer together with a neighbour's. */
    function inBatch(bent: (field: Uint8Array) => Uint8Array = (field) => field): Signing {
      let batch: AnswerBatch;
      return {
        digest: (digest) => {
          batch = batchOf([digestFrom(digest), neighbour], leaves);
          return toHex(batch.toSign);
        },
        signature: (signature) => toHex(bent(batch.fieldOf(0, fromHex(signature)))),
      };
    }

    it("an answer is in order", async () => {
      ward().bend(resigned(() => inBatch()));
      const seen = new RegExp(`in a batch signed by ${computeAddress(testKey)}`);
      expectOnly(await ward().examine(), "answer-signer", "passed", seen);
    });

    it("answer-signer: its key is a stranger's", async () => {
      ward().bend(resigned(() => ({ ...inBatch(), key: strangerKey })));
      const seen = /signed by 0x\w+, which the resolver does not trust/;
      expectOnly(await ward().examine(), "answer-signer", "failed", seen);
    });

    it("answer-signer: its path leads elsewhere", async () => {
      const another = (field: Uint8Array) => field.with(-1, (field.at(-1) ?? 0) ^ 1);
      ward().bend(resigned(() => inBatch(another)));
      const seen = /not in its batch: its path does not lead to the root/;
      expectOnly(await ward().examine(), "answer-signer", "failed", seen);
    });

    it("answer-signer: signed over the request without its chain id", async () => {
      ward().bend((sent, asked) => {
        if (asked.method !== "POST" || sent.status !== 200) return;
        const request = asked.callData.subarray(0, -32);
        ward().resign(sent, asked, { ...inBatch(), request });
      });
      const seen = /over the request without the chain id at its end/;
      expectOnly(await ward().examine(), "answer-signer", "failed", seen);
    });
  });

  it("answer-signer: signed over the request without its chain id", async () => {
    ward().bend((sent, asked) => {
      if (asked.method !== "POST" || sent.status !== 200) return;
      ward().resign(sent, asked, { request: asked.callData.subarray(0, -32) });
    });
    const seen = /over the request without the chain id at its end/;
    expectOnly(await ward().examine(), "answer-signer", "failed", seen);
  });

  it("answer-signer: changed after it was signed", async () => {
    ward().bend((sent, asked) => {
      if (asked.method !== "POST" || sent.status !== 200) return;
      const { body } = sent;
      ward().resign(sent, asked, {
        result: addr.encodeOutput(addressFrom(new Uint8Array(20).fill(6))),
      });
      const forged = sent.body;
      sent.body = body;
      ward().resign(sent, asked);
      // the result of one, the signature of the other
      const signature = sent.body.slice(-196);
      sent.body = forged.slice(0, -196) + signature;
    });
    const seen = /does not trust \(a changed answer looks the same\)/;
    expectOnly(await ward().examine(), "answer-signer", "failed", seen);
  });

  it("answer-signer: the second gateway's key is not the resolver's", async () => {
    const { gateway, urlOn, setUrls } = ward();
    const other = await serve((request, response) => {
      gateway.handler(Object.assign(request, { url: `${request.url ?? ""}?second` }), response);
    });
    const second = urlOn(other.url);
    await setUrls(urlOn(gateway.url), second);
    ward().bend((sent, asked) => {
      if (asked.url.endsWith("?second") && asked.method === "POST" && sent.status === 200) {
        ward().resign(sent, asked, { key: strangerKey });
      }
    });
    const lines = await ward().examine();
    await other.close();
    const stranger = computeAddress(strangerKey);
    expectOnly(lines, "answer-signer", "failed", new RegExp(stranger), { url: second });
    expect(lineOf(lines, "answer-signer", second).advice).to.match(/signers add/);
  });

  it("answer-accepted: bytes that the callback cannot take apart", async () => {
    ward().bend((sent, { method }) => {
      if (method === "POST") sent.body = '{"data":"0x1234"}';
    });
    const silent = ["answer-expiry", "answer-signer", "gateway-oracle"];
    const seen = /refuses the answer: it is not in the resolver's format/;
    expectOnly(await ward().examine(), "answer-accepted", "failed", seen, { silent });
  });
}

/** The other valid signature, which anyone can compute. */
function highS(signature: string): string {
  const { r, s, v } = Signature.from(signature);
  return `${r}${toBeHex(ORDER - BigInt(s), 32).slice(2)}${v === 27 ? "1c" : "1b"}`;
}
