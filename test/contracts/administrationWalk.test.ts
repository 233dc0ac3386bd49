import { expect } from "chai";
import { deployResolver, ethers, gatewaySignerAddress, read, send, URLS } from "./deployment.js";

const STEPS = 400;
const SEED = 0x5191705;

/** mulberry32: small, and the same walk on every machine. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe("A random walk of administration calls to OffchainResolver", () => {
  it("agrees with a model at every step, and never empties signers or URLs", async function () {
    this.timeout(60_000);
    const random = seededRandom(SEED);
    const resolver = await deployResolver();
    const candidates = [
      gatewaySignerAddress,
      ethers.ZeroAddress,
      ...["22", "33", "44"].map((byte) => ethers.computeAddress(`0x${byte.repeat(32)}`)),
    ];
    const urlCandidates = ["https://a.example/", "http://localhost:1/", "http://b.example/", ""];
    const signers = new Set([gatewaySignerAddress]);
    let urls = URLS;
    const seen = { accepted: 0, refused: 0 };

    for (let step = 0; step < STEPS; step++) {
      const signer = candidates[random(candidates.length)]!;
      let expected: string | null;
      let call: Promise<unknown>;
      switch (random(3)) {
        case 0:
          expected = signer === ethers.ZeroAddress ? "ZeroSigner" : null;
          if (signers.has(signer)) expected = "DuplicateSigner";
          call = send(resolver, "addSigner", signer);
          if (expected === null) signers.add(signer);
          break;
        case 1:
          expected = signers.size === 1 ? "LastSigner" : null;
          if (!signers.has(signer)) expected = "UnknownSigner";
          call = send(resolver, "removeSigner", signer);
          if (expected === null) signers.delete(signer);
          break;
        default: {
          const chosen = Array.from({ length: random(4) }, () => urlCandidates[random(4)]!);
          expected = chosen.length === 0 ? "InvalidUrlCount" : null;
          const wrong = chosen.find((url) => url === "" || url === "http://b.example/");
          if (wrong !== undefined) expected = wrong === "" ? "InvalidUrlLength" : "InsecureUrl";
          call = send(resolver, "setUrls", chosen);
          if (expected === null) urls = chosen;
        }
      }
      if (expected === null) {
        await call;
        seen.accepted++;
      } else {
        await expect(call).to.be.revertedWithCustomError(resolver, expected);
        seen.refused++;
      }
      const actualSigners = (await read(resolver, "signers")) as string[];
      const actualUrls = (await read(resolver, "urls")) as string[];
      expect(actualSigners, `signers after step ${step.toString()}`).to.have.members([...signers]);
      expect(actualSigners).to.not.be.empty;
      expect(actualUrls, `URLs after step ${step.toString()}`).to.deep.equal(urls);
      expect(actualUrls).to.not.be.empty;
    }
    expect(seen.accepted, "accepted calls").to.be.greaterThan(50);
    expect(seen.refused, "refused calls").to.be.greaterThan(50);
  });
});
