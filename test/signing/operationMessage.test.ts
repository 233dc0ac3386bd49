import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { toHex } from "../../src/abi/hex.js";
import { addressFrom } from "../../src/ens/address.js";
import { operationMessageDigest } from "../../src/signing/operationMessage.js";
import { MESSAGE_TYPES, signingDomain } from "../registry/signed/signedOperations.js";

describe("request/operationMessage", () => {
  const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(addressFrom);
  const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

  it("is the digest that ethers signs, for any message and resolver", () => {
    fc.assert(
      fc.property(
        fc.record({ chainId: fc.bigInt({ min: 1n, max: 2n ** 53n }), resolver: address }),
        fc.record({ data: fc.uint8Array(), sender: address, expirationTimestamp: uint256 }),
        (signedFor, message) => {
          const expected = TypedDataEncoder.hash(signingDomain(signedFor), MESSAGE_TYPES, {
            ...message,
            sender: toHex(message.sender),
          });
          expect(toHex(operationMessageDigest(signedFor, message))).to.equal(expected);
        },
      ),
    );
  });
});
