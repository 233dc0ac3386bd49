import { ed25519 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import fc from "fast-check";
import { isOfSmallOrder } from "../../../src/dm3/crypto/smallOrder.js";

const { Point } = ed25519;
const { ORDER } = Point.Fn;

describe("dm3/crypto/smallOrder", () => {
  /** By encoding: the parts without the order of the group that random points of the curve have. */
  const torsion = new Map<string, Uint8Array>();
  for (let y = 2n; torsion.size < 8; y++) {
    const bytes = new Uint8Array(32);
    bytes[0] = Number(y);
    try {
      const part = Point.fromBytes(bytes)
        .multiplyUnsafe(ORDER - 1n)
        .add(Point.fromBytes(bytes));
      torsion.set(part.toHex(), part.toBytes());
    } catch {
      // no point has this y
    }
  }

  it("tells all eight of them", () => {
    for (const point of torsion.values()) expect(isOfSmallOrder(point)).to.equal(true);
  });

  it("tells them also where the sign of x or more bytes follow", () => {
    for (const point of torsion.values()) {
      const other = point.slice();
      other[31]! ^= 0x80;
      expect(isOfSmallOrder(other)).to.equal(true);
      expect(isOfSmallOrder(Buffer.concat([point, Buffer.alloc(32, 5)]))).to.equal(true);
    }
  });

  it("agrees with noble about every other point", () => {
    const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n });
    fc.assert(
      fc.property(scalar, fc.constantFrom(...torsion.values()), (factor, part) => {
        const point = Point.BASE.multiplyUnsafe(factor).add(Point.fromBytes(part));
        expect(isOfSmallOrder(point.toBytes())).to.equal(point.isSmallOrder());
      }),
    );
  });
});
