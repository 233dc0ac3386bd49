import { expect } from "chai";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { switchableSigner } from "../../src/gateway/switchableSigner.js";
import { bytes } from "../db/sampleNames.js";

const DIGEST = bytes(32, 7);

describe("gateway/switchableSigner", () => {
  const [first, second] = [localGatewaySigner(bytes(32, 1)), localGatewaySigner(bytes(32, 2))];

  it("signs by the new key from the switch on, counts switches, and tells of each", async () => {
    const signer = switchableSigner(first);
    const told: number[] = [];
    signer.onSwitch(() => told.push(signer.generation));
    signer.onSwitch(() => told.push(-signer.generation));
    expect(signer.generation).to.equal(0);
    expect(signer.address).to.deep.equal(first.address);
    expect(await signer.signDigest(DIGEST)).to.deep.equal(await first.signDigest(DIGEST));

    signer.switchTo(second);
    expect(told).to.deep.equal([1, -1]);
    expect(signer.address).to.deep.equal(second.address);
    expect(await signer.signDigest(DIGEST)).to.deep.equal(await second.signDigest(DIGEST));

    signer.switchTo(first);
    expect(told).to.deep.equal([1, -1, 2, -2]);
    expect(await signer.signDigest(DIGEST)).to.deep.equal(await first.signDigest(DIGEST));
  });

  it("lets the former signer finish what it has under way, which the generation shows", async () => {
    let finish = () => {};
    const waits = new Promise<void>((resolve) => (finish = resolve));
    const signer = switchableSigner({
      address: first.address,
      signDigest: (digest) => waits.then(() => first.signDigest(digest)),
    });
    const { generation } = signer;
    const underWay = signer.signDigest(DIGEST);
    signer.switchTo(second);
    finish();
    expect(await underWay).to.deep.equal(await first.signDigest(DIGEST));
    expect(signer.generation).not.to.equal(generation);
  });
});
