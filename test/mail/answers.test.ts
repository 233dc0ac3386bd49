/** That docs/mail-wire.md lists every answer there is, word for word. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import * as replies from "../../src/mail/smtpReply.js";

type Reply = (...details: string[]) => replies.SmtpRefusal;

describe("docs/mail-wire.md", () => {
  it("has every answer of the bridge, with its codes", async () => {
    const rows = (await readFile("docs/mail-wire.md", "utf8"))
      .split("\n")
      .filter((line) => /^\| [245]\d\d /.test(line))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const all = Object.entries(replies).filter(([name]) => name !== "SmtpRefusal");
    expect(all.length).to.be.above(25);
    const missing = all.filter(([name, make]) => {
      // whatever it is about: a name, a number, a problem
      const { code, status, sentence } = (make as unknown as Reply)("…", "…").reply;
      const words =
        name === "refusedByRecipient" ? "the sentence of the recipient's side" : sentence;
      return !rows.some(
        ([, answer, said = ""]) =>
          answer === `${code} ${status}` &&
          said.includes(words.replaceAll("….", "…").replace(/\.$/, "")),
      );
    });
    expect(missing.map(([name]) => name)).to.deep.equal([]);
    expect(new Set(rows.map(([, answer]) => answer)).size).to.be.above(15);
  });
});
