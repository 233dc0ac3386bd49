/** ERC-6492's wrapper as ethers' codec makes it. */
import { expect } from "chai";
import { AbiCoder, concat } from "ethers";
import fc from "fast-check";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { isWrapped, unwrapSignature } from "../../src/signing/wrappedSignature.js";
import { bytes } from "../db/sampleNames.js";
import { expectError } from "../expectError.js";

const MAGIC = `0x${"6492".repeat(16)}`;
const wrap = (factory: Uint8Array, call: Uint8Array, signature: Uint8Array) => {
  const types = ["address", "bytes", "bytes"];
  const content = AbiCoder.defaultAbiCoder().encode(types, [toHex(factory), call, signature]);
  return fromHex(concat([content, MAGIC]));
};

describe("request/wrappedSignature", () => {
  it("takes any wrapper apart", () => {
    const some = fc.uint8Array({ maxLength: 300 });
    const address = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(address, some, some, (factory, factoryCall, signature) => {
        const wrapped = wrap(factory, factoryCall, signature);
        expect(isWrapped(wrapped)).to.equal(true);
        const found = unwrapSignature(wrapped);
        expect(toHex(found.signature)).to.equal(toHex(signature));
        expect(toHex(found.deployment!.factory)).to.equal(toHex(factory));
        expect(toHex(found.deployment!.factoryCall)).to.equal(toHex(factoryCall));
      }),
    );
  });

  it("leaves everything else as it is", () => {
    for (const signature of [bytes(0, 0), bytes(65, 0x92), fromHex(MAGIC).slice(1)]) {
      expect(unwrapSignature(signature)).to.deep.equal({ signature, deployment: null });
    }
  });

  it("INVALID_REQUEST for the magic behind anything else", () => {
    const whole = wrap(bytes(20, 1), bytes(40, 2), bytes(65, 3));
    const cut = new Uint8Array([...whole.slice(0, 96), ...whole.slice(-32)]);
    const dirty = whole.with(0, 1);
    for (const broken of [fromHex(MAGIC), cut, dirty]) {
      expectError(() => unwrapSignature(broken), "INVALID_REQUEST", /ERC-6492/);
    }
  });
});
