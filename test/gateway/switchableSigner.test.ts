import { expect } from "chai";
import type { Address } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { switchableSigner } from "../../src/gateway/switchableSigner.js";
import { bytes } from "../db/sampleNames.js";

const DIGEST = bytes(32, 7);

describe("gateway/switchableSigner", () => {
  const [first, second] = [localGatewaySigner(bytes(32, 1)), localGatewaySigner(bytes(32, 2))];

  it("signs by the new key from the switch on, and tells each listener of each switch", async () => {
    const signer = switchableSigner(first);
    const told: [listener: number, address: Address][] = [];
    signer.onSwitch(() => told.push([1, signer.address]));
    signer.onSwitch(() => told.push([2, signer.address]));
    expect(signer.address).to.deep.equal(first.address);
    expect(await signer.signDigest(DIGEST)).to.deep.equal(await first.signDigest(DIGEST));

    signer.switchTo(second);
    expect(told.splice(0)).to.deep.equal([
      [1, second.address],
      [2, second.address],
    ]);
    expect(signer.address).to.deep.equal(second.address);
    expect(await signer.signDigest(DIGEST)).to.deep.equal(await second.signDigest(DIGEST));

    signer.switchTo(first);
    expect(told).to.deep.equal([
      [1, first.address],
      [2, first.address],
    ]);
    expect(await signer.signDigest(DIGEST)).to.deep.equal(await first.signDigest(DIGEST));
  });

  it("lets the former signer finish what it has under way", async () => {
    let finish = () => {};
    const waits = new Promise<void>((resolve) => (finish = resolve));
    const signer = switchableSigner({
      address: first.address,
      signDigest: (digest) => waits.then(() => first.signDigest(digest)),
    });
    const underWay = signer.signDigest(DIGEST);
    signer.switchTo(second);
    finish();
    expect(await underWay).to.deep.equal(await first.signDigest(DIGEST));
  });
});
