import { expect } from "chai";
import fc from "fast-check";
import { addressParser, decodeWords } from "postal-mime";
import {
  headerLine,
  headerText,
  mailbox,
  parameter,
} from "../../../../src/codecs/openpgp-mime/mime/headerField.js";
import { expectError } from "../../../expectError.js";

const ONE_LINE = fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cc}/u.test(text));

describe("header fields", () => {
  it("are folded at blanks, and read again by taking the line ends out", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[!-~]{1,30}$/), { minLength: 1 }), (words) => {
        const line = headerLine(["Subject", words.join(" ")]);
        expect(line.replace(/\r\n(?= )/g, "")).to.equal(`Subject: ${words.join(" ")}\r\n`);
        for (const one of line.split("\r\n")) expect(one.length).to.be.at.most(76);
      }),
    );
  });

  it("are refused with a line end, a control or a letter beyond ASCII", () => {
    for (const value of ["a\r\nBcc: x@y.test", "a\nb", "a\0", "ä"]) {
      expectError(() => headerLine(["Subject", value]), "INVALID_REQUEST", /Subject/);
    }
  });

  it("have subjects that others read as they were", () => {
    fc.assert(
      fc.property(ONE_LINE, (text) => {
        const written = headerText(text);
        expect(written).to.match(/^[ -~]*$/);
        expect(decodeWords(written)).to.equal(text);
        for (const word of written.match(/=\?[^ ]*\?=/g) ?? [])
          expect(word.length).to.be.at.most(75);
      }),
    );
  });

  it("have names of people that others read as they were", () => {
    fc.assert(
      fc.property(
        ONE_LINE.filter((name) => name.trim() === name && !name.includes("\\")),
        (name) => {
          const [read, ...more] = addressParser(mailbox("a@b.test", name));
          expect(more).to.deep.equal([]);
          expect(read).to.deep.include({ address: "a@b.test", name });
        },
      ),
    );
  });

  it("have parameters in one of two forms", () => {
    expect(parameter("filename", 'a "b".txt')).to.equal('filename="a \\"b\\".txt"');
    expect(parameter("filename", "Ä b.txt")).to.equal("filename*=utf-8''%C3%84%20b.txt");
  });
});
