import { expect } from "chai";
import fc from "fast-check";
import { type Base64, decodeBase64, encodeBase64, useBase64 } from "../../src/dm3/base64.js";
import { isSignpostError } from "../../src/errors.js";
import { nodeBase64 } from "../../src/native/nodeBase64.js";
import { expectError } from "../expectError.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \n\u0141";

describe("native: base64 by Node", () => {
  function portablyDecoded(text: string): Uint8Array | null {
    try {
      return decodeBase64(text);
    } catch (error) {
      if (isSignpostError(error, "INVALID_REQUEST")) return null;
      throw error;
    }
  }

  it("writes the same, and refuses the same, as the portable one", () => {
    const digits = fc.array(fc.constantFrom(...Array.from(DIGITS)), { maxLength: 9 });
    const text = fc.oneof(
      digits.map((each) => each.join("")),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    );
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 40 }), (given, bytes) => {
        expect(nodeBase64.decode(given)).to.deep.equal(portablyDecoded(given));
        expect(nodeBase64.encode(bytes)).to.equal(encodeBase64(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives bytes that nobody else has", () => {
    const bytes = nodeBase64.decode("AQID");
    expect(bytes?.buffer.byteLength).to.equal(3);
  });

  it("is not taken where it reads more, or writes otherwise", () => {
    const lax: Base64 = {
      ...nodeBase64,
      decode: (text) => new Uint8Array(Buffer.from(text, "base64")),
    };
    const forUrls: Base64 = {
      ...nodeBase64,
      encode: (bytes) => Buffer.from(bytes).toString("base64url"),
    };
    for (const other of [lax, forUrls]) {
      expectError(
        () => {
          useBase64(other);
        },
        "INTERNAL",
        /other results/,
      );
    }
  });
});
