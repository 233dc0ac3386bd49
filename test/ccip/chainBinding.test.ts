import { expect } from "chai";
import fc from "fast-check";
import { numberWord } from "../../src/abi/word.js";
import { boundChainId } from "../../src/ccip/chainBinding.js";
import { resolve } from "../../src/ens/resolverFunctions.js";

const bytes = fc.uint8Array({ maxLength: 100 });

describe("ccip/chainBinding", () => {
  it("finds the chain id behind the arguments, whatever their length", () => {
    fc.assert(
      fc.property(
        bytes,
        bytes,
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        (name, data, chainId) => {
          const request = resolve.encodeInput(name, data);
          expect(boundChainId(request)).to.equal(null);
          const bound = new Uint8Array([...request, ...numberWord(chainId)]);
          expect(boundChainId(bound)).to.equal(chainId);
          expect(boundChainId(new Uint8Array([...bound, 0]))).to.equal(null);
        },
      ),
    );
  });
});
