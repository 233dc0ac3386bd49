import { expect } from "chai";
import fc from "fast-check";
import {
  readChatText,
  writeChatText,
} from "../../../../src/codecs/openpgp-mime/content/chatText.js";

/** Lines that mail messengers could take for something else, and others. */
const LINE = fc.oneof(
  fc.constantFrom("-- ", "--", "--  ", "> quote", ">", "", "---", "-- x", "> ", "text"),
  fc.constantFrom("---------- Forwarded message ----------", "From: <a@b.test>"),
  fc.string().filter((line) => !/[\r\n]/.test(line)),
);
const TEXT = fc.array(LINE, { maxLength: 8 }).map((lines) => lines.join("\n").replace(/\n+$/, ""));

describe("texts as mail messengers write them", () => {
  it("come back as they were written, as texts of their own and as replies", () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        expect(readChatText(writeChatText(text))).to.deep.equal({ text, quote: null });
      }),
    );
    fc.assert(
      fc.property(TEXT, TEXT, (text, quote) => {
        expect(readChatText(writeChatText(text, quote))).to.deep.equal({ text, quote });
      }),
    );
  });

  it("have no footer, no forwarding mark and no quote by accident", () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const lines = writeChatText(text).split("\r\n");
        expect(lines.filter((line) => /^-- *$|^-+ Forwarded/.test(line))).to.deep.equal([]);
        expect(lines[0]).to.not.match(/^>/);
      }),
    );
  });

  it("end with CRLF in every line, whatever the sender's system writes", () => {
    expect(writeChatText("a\nb\r\nc\rd")).to.equal("a\r\nb\r\nc\r\nd");
  });

  it("are read without their footer, and with the dashes that Delta Chat splits", () => {
    expect(readChatText("text\n-- \nstatus").text).to.equal("text");
    expect(readChatText("-\u200b- \n-\u200b-x\ntext").text).to.equal("-- \n--x\ntext");
  });

  it("quote 20 lines and 2,000 characters at most", () => {
    const { quote } = readChatText(writeChatText("x", "line\n".repeat(100)));
    expect(quote?.split("\n")).to.have.length(20);
    expect(readChatText(writeChatText("x", "y".repeat(5000))).quote).to.have.length(2000);
  });
});
