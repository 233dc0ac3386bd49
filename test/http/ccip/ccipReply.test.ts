/** The validator of an answer (ETag), which is taken from its signature field. */
import { expect } from "chai";
import { AbiCoder, getBytes } from "ethers";
import { batchOf } from "../../../src/ccip/answerBatch.js";
import type { GatewayAnswer } from "../../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../../src/gateway/gatewaySigner.js";
import { readyAnswer } from "../../../src/http/ccip/ccipReply.js";
import { pooledSalts } from "../../../src/signer/batchSalts.js";
import { bytes } from "../../db/sampleNames.js";

const KEY = localGatewaySigner(bytes(32, 0x11));
const makeSalts = pooledSalts();
const DIGESTS = Array.from({ length: 40 }, (_, index) => bytes(32, index));

const etagOf = (field: Uint8Array, result = "0x1234") => {
  const values = [result, 1_900_000_000n, field];
  const data = getBytes(AbiCoder.defaultAbiCoder().encode(["bytes", "uint64", "bytes"], values));
  return readyAnswer({ data } as GatewayAnswer, 1, false).ready.etag;
};

describe("http/ccip/ccipReply", () => {
  it("has another validator for each signature, and the same for the same", async () => {
    const [one, other] = await Promise.all(DIGESTS.slice(0, 2).map((d) => KEY.signDigest(d)));
    expect(etagOf(one!)).to.match(/^"[0-9a-f]{32}"$/);
    expect(etagOf(one!)).to.equal(etagOf(one!));
    expect(etagOf(one!)).not.to.equal(etagOf(other!));
  });

  for (const count of [2, 3, 16, 40]) {
    it(`has another one for each of ${count} answers that share a signature`, async () => {
      const batch = batchOf(DIGESTS.slice(0, count), makeSalts(count));
      const signature = await KEY.signDigest(batch.toSign);
      // results of any length, so that the field stands in many places
      const etags = DIGESTS.slice(0, count).map((_, index) =>
        etagOf(batch.fieldOf(index, signature), `0x${"ab".repeat(index)}`),
      );
      expect(new Set(etags).size).to.equal(count);
      for (const etag of etags) expect(etag).to.match(/^"[0-9a-f]{32}"$/);
    });
  }

  it("has another one when the same answer is signed again with others", async () => {
    const tags = await Promise.all(
      [1, 2].map(async () => {
        const batch = batchOf(DIGESTS.slice(0, 2), makeSalts(2));
        return etagOf(batch.fieldOf(0, await KEY.signDigest(batch.toSign)));
      }),
    );
    expect(tags[0]).not.to.equal(tags[1]);
  });
});
