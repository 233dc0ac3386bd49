import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";

const EXAMPLE = new URL("../../../docs/examples/encrypted-mail.mjs", import.meta.url).pathname;

describe("docs/examples/encrypted-mail.mjs", () => {
  it("writes a mail, reads it, and is answered", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE]);
    expect(stdout.trim().split("\n")).to.deep.equal([
      "carol.eth@mail.example new says Hello Alice",
      "REPLY known Hello Carol to Hello Alice",
    ]);
  });
});
