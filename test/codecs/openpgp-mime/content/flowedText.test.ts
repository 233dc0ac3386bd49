/** RFC 3676, rule by rule, and texts that a sender of our own wrote by it. */
import { expect } from "chai";
import fc from "fast-check";
import { unflowed } from "../../../../src/codecs/openpgp-mime/content/flowedText.js";
import { readContent } from "../../../../src/codecs/openpgp-mime/content/readContent.js";
import { readEntity } from "../../../../src/codecs/openpgp-mime/mime/headerBlock.js";

describe("text of the format flowed", () => {
  for (const [rule, given, expected] of [
    ["joins a line that ends with a space and the next (4.1)", "one \r\ntwo", "one two"],
    ["keeps all spaces of a line that is joined (4.1)", "one  \r\ntwo", "one  two"],
    ["keeps a line that ends without one (4.1)", "one\r\ntwo", "one\ntwo"],
    ["keeps empty lines (4.1)", "one\r\n\r\ntwo\r\n", "one\n\ntwo\n"],
    ["reads ends of lines as LF, too", "one \ntwo\nthree", "one two\nthree"],
    ["keeps a space at the end of all (4.1)", "one ", "one "],
    ["takes off the space that stuffs a line (4.4)", " one\r\n  two", "one\n two"],
    ["looks for it in each line before it is joined (4.4)", "one \r\n  two", "one  two"],
    ["keeps what only looks quoted apart from a quote (4.4)", "> a \r\n >b", "> a \n>b"],
    ["joins lines of a quote, without their marks (4.5)", "> one \r\n> two\r\nme", "> one two\nme"],
    ["does not join a quote and its answer (4.5)", "> one \r\nme", "> one \nme"],
    ["nor an answer and a quote (4.5)", "me \r\n> one", "me \n> one"],
    ["nor quotes of other depths (4.5)", ">> one \r\n> two", ">> one \n> two"],
    ["reads marks without a space behind them (4.5)", ">>one \r\n>>two", ">> one two"],
    ["takes a mark behind a space for text (4.5)", "> > one", "> > one"],
    ["keeps empty lines of a quote (4.5)", "> one\r\n>\r\n> two", "> one\n>\n> two"],
    ["joins nothing to the line above a signature (4.3)", "me\r\n-- \r\nAlice", "me\n-- \nAlice"],
    ["nor a line that is to be joined to it (4.3)", "me \r\n-- \r\nAlice", "me \n-- \nAlice"],
    ["the same within a quote (4.3)", "> me \r\n> -- \r\n> Alice", "> me \n> -- \n> Alice"],
    ["takes two dashes and more for text (4.3)", "--- \r\none", "--- one"],
  ] as const) {
    it(rule, () => {
      expect(unflowed(given, false)).to.equal(expected);
    });
  }

  it("with DelSp takes off the one space by which lines are joined (4.1)", () => {
    expect(unflowed("Wort \r\nteil  \r\nund \r\n> x \r\n> y", true)).to.equal(
      "Wortteil und \n> xy",
    );
    expect(unflowed("me\r\n-- \r\nAlice", true)).to.equal("me\n-- \nAlice");
  });

  it("gives back whatever text somebody wrote by it", () => {
    const word = fc.oneof(
      fc.constantFrom("", ">", ">>", "--", "x", "日本語", "From"),
      fc.string().filter((text) => !/[\s]/.test(text)),
    );
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(" ").trimEnd());
    const paragraph = fc.record({ depth: fc.nat({ max: 3 }), text });
    fc.assert(
      fc.property(
        fc.array(paragraph),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        (said, width, delSp) => {
          const lines = said.map((one) => flowed(one, width, delSp));
          const expected = said.map(({ depth, text }) =>
            depth === 0 ? text : `${">".repeat(depth)}${text === "" ? "" : ` ${text}`}`,
          );
          expect(unflowed(lines.flat().join("\r\n"), delSp)).to.equal(expected.join("\n"));
        },
      ),
    );
  });

  it("is never longer than it was written, for as many lines and marks as there are", () => {
    for (const given of [
      "x \r\n".repeat(400_000),
      ">".repeat(1_500_000),
      "> \r\n".repeat(400_000),
    ]) {
      expect(unflowed(given, true).length).to.be.at.most(given.length + 1);
    }
  });

  const read = (mail: string) => {
    const bytes = new TextEncoder().encode(mail);
    return readContent(bytes, readEntity(bytes).fields, "<a@mail.test>");
  };
  const FLOWED = "Content-Type: text/plain; charset=utf-8; format=flowed";

  it("is read by these rules in mails, in whatever transfer encoding", async () => {
    const text = "> Shall we meet \r\n> at noon?\r\nYes, \r\nand then \r\n> pay";
    for (const [fields, body] of [
      [FLOWED, text],
      [
        `${FLOWED}; delsp=no\r\nContent-Transfer-Encoding: quoted-printable`,
        text.replaceAll(" \r", "=20\r"),
      ],
      [
        `${FLOWED.toUpperCase()}\r\nContent-Transfer-Encoding: base64`,
        Buffer.from(text).toString("base64"),
      ],
    ] as const) {
      expect(await read(`${fields}\r\n\r\n${body}`)).to.deep.include({
        type: "REPLY",
        text: "> Shall we meet at noon?\nYes, and then \n> pay",
      });
    }
  });

  it("is read by them in each part for itself, and other texts stay as they are", async () => {
    const parts = [
      `${FLOWED}; delsp=yes\r\n\r\none \r\ntwo`,
      "Content-Type: text/plain\r\n\r\nthree \r\nfour",
      `${FLOWED}\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nfive \r\nsix`,
    ];
    const mail = `Content-Type: multipart/mixed; boundary=x\r\n\r\n${parts
      .map((part) => `--x\r\n${part}\r\n`)
      .join("")}--x--\r\n`;
    const content = await read(mail);
    if (content.type !== "REPLY") throw new Error(content.type);
    expect(content.text.replaceAll(/\n+/g, "|")).to.equal("onetwo|three |four");
    expect(Buffer.from(content.files[0]!.bytes).toString().trimEnd()).to.equal("five \nsix");
  });

  it("is what a mail messenger quotes by", async () => {
    const said = await read(
      `Chat-Version: 1.0\r\n${FLOWED}\r\n\r\n> a long \r\n> quote\r\n\r\nYes \r\nindeed`,
    );
    expect(said).to.deep.include({ type: "REPLY", quote: "a long quote", text: "Yes indeed" });
  });
});

/** As section 4.2 asks of senders; lines break at any space. */
function flowed(
  { depth, text }: { readonly depth: number; readonly text: string },
  width: number,
  delSp: boolean,
): readonly string[] {
  if (text === "-- ") return [text];
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(/[^ ]+ *|^ +/g) ?? []) {
    // two dashes by themselves would begin a signature
    if (line.length > width && line.endsWith(" ") && line !== "-- ") {
      lines.push(delSp ? `${line} ` : line);
      line = "";
    }
    line += piece;
  }
  lines.push(line);
  const marks = ">".repeat(depth);
  return lines.map((one) =>
    depth > 0 && one === "" ? marks : `${marks}${needsStuffing(one, depth) ? " " : ""}${one}`,
  );
}

function needsStuffing(line: string, depth: number): boolean {
  return depth > 0 || /^(?:[ >]|From)/.test(line);
}
