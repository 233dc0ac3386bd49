import { expect } from "chai";
import fc from "fast-check";
import { wholeMessages } from "../../src/source-postgres/wholeMessages.js";
import { complete, dataRow, description, LET_IN, message, READY, TEXT } from "./hostileServer.js";

const ANSWER = Buffer.concat([
  ...[LET_IN, message("1"), message("2"), description(TEXT, TEXT)],
  ...[dataRow("größe", null), dataRow("", "x".repeat(300)), complete("SELECT 2"), READY],
]);
const LONGEST = 1_000;

describe("source-postgres/wholeMessages", () => {
  it("hands on what came, in whole messages, however it was cut", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (lengths) => {
        const whole = wholeMessages(LONGEST);
        const out: Buffer[] = [];
        for (let at = 0, turn = 0; at < ANSWER.length; turn++) {
          const length = lengths[turn % lengths.length]!;
          const bytes = whole(ANSWER.subarray(at, at + length));
          // each piece by itself ends where a message ends
          expect(wholeMessages(LONGEST)(bytes).equals(bytes)).to.equal(true);
          out.push(bytes);
          at += length;
        }
        expect(Buffer.concat(out).equals(ANSWER)).to.equal(true);
      }),
    );
  });

  it("never loops, and throws nothing but what says why, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Array.from("RKZCENSATD123nIsG?")),
        fc.uint8Array({ maxLength: 60 }),
        (type, body) => {
          const bytes = message(type, body);
          try {
            expect(wholeMessages(LONGEST)(bytes).equals(bytes)).to.equal(true);
          } catch (error) {
            expect((error as { code?: unknown }).code).to.be.oneOf([
              "it does not speak Postgres's protocol",
              "it asks for neither a password nor SCRAM",
            ]);
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("takes a message of just the longest length, and refuses a longer one before it is there", () => {
    const longest = message("D", dataRow("x".repeat(LONGEST - 11)).subarray(5));
    expect(longest).to.have.length(LONGEST);
    expect(wholeMessages(LONGEST)(longest)).to.have.length(LONGEST);
    const head = message("D", Buffer.alloc(0), LONGEST);
    expect(() => wholeMessages(LONGEST)(head)).to.throw(/the answer is too long/);
  });
});
