import { expect } from "chai";
import {
  autocryptField,
  readAutocrypt,
} from "../../../../src/codecs/openpgp-mime/keys/autocrypt.js";
import { headerLine } from "../../../../src/codecs/openpgp-mime/mime/headerField.js";

const KEY = {
  address: "alice@mail.test",
  certificate: Uint8Array.from({ length: 300 }, (_, at) => at),
};

describe("Autocrypt fields", () => {
  it("come back as they were written, folded in lines", () => {
    const field = autocryptField(KEY);
    const lines = headerLine(field).split("\r\n");
    expect(lines.length).to.be.above(5);
    for (const line of lines) expect(line.length).to.be.at.most(76);
    expect(readAutocrypt(field[1])).to.deep.equal(KEY);
  });

  it("are read with attributes that nobody has to know, and an address in any letters", () => {
    expect(readAutocrypt("_x=1; addr=Alice@Mail.test; keydata=AQID")).to.deep.equal({
      ...{ address: KEY.address, certificate: new Uint8Array([1, 2, 3]) },
    });
  });

  for (const [what, value] of [
    ["no address", "keydata=AQID"],
    ["no key", "addr=alice@mail.test"],
    ["a critical attribute", "addr=alice@mail.test; x=1; keydata=AQID"],
    ["two addresses", "addr=alice@mail.test; addr=bob@mail.test; keydata=AQID"],
    ["a key in no base64", "addr=alice@mail.test; keydata=A*"],
    ["too long a key", `addr=alice@mail.test; keydata=${"A".repeat(33_000)}`],
  ] as const) {
    it(`are ignored with ${what}`, () => {
      expect(readAutocrypt(value)).to.equal(null);
    });
  }
});
