import { expect } from "chai";
import fc from "fast-check";
import { readVCards, writeVCard } from "../../../../src/codecs/openpgp-mime/keys/vCard.js";
import { expectError } from "../../../expectError.js";

const CARD = { address: "alice@mail.test", name: "Alice", certificate: new Uint8Array([1, 2, 3]) };

describe("vCards", () => {
  it("come back as they were written, in lines of 75 octets at most", () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: "grapheme", minLength: 1 })
          .filter((name) => name.trim() === name && !/[\r\n]/.test(name)),
        fc.uint8Array({ maxLength: 500 }),
        (name, certificate) => {
          const text = writeVCard({ ...CARD, name, certificate });
          expect(readVCards(text)).to.deep.equal([{ ...CARD, name, certificate }]);
          for (const line of text.split("\r\n")) {
            expect(new TextEncoder().encode(line).length).to.be.at.most(75);
          }
        },
      ),
      // Unicode's line separators end no line of a card
      { examples: [["! \u2028!\u2029!", new Uint8Array()]] },
    );
  });

  it("are read with the comma escaped, as Delta Chat writes it, and plain", () => {
    for (const comma of ["\\,", ","]) {
      const text = `BEGIN:VCARD\nVERSION:4.0\nitem1.EMAIL;TYPE=home:${CARD.address}\nKEY:data:application/pgp-keys;base64${comma}AQID\nEND:VCARD`;
      expect(readVCards(text), comma).to.deep.equal([{ ...CARD, name: CARD.address }]);
    }
  });

  it("may have no key, or one of another kind, and several stand in a file", () => {
    const none = writeVCard({ ...CARD, certificate: null });
    const other = none.replace("END:", "KEY:https://keys.test/alice\r\nEND:");
    expect(readVCards(none + other).map(({ certificate }) => certificate)).to.deep.equal([
      null,
      null,
    ]);
  });

  it("are refused without a card, without an address, and when they are too long", () => {
    expectError(() => readVCards("hello"), "INVALID_REQUEST", /no card/);
    expectError(() => readVCards("BEGIN:VCARD\nFN:x\nEND:VCARD"), "INVALID_REQUEST", /address/);
    expectError(() => readVCards("x".repeat(200_001)), "INVALID_REQUEST", /200000 characters/);
    expectError(() => readVCards("\n".repeat(5001)), "INVALID_REQUEST", /5000 lines/);
  });
});
