import { expect } from "chai";
import { table } from "../../src/terminal/table.js";

describe("terminal/table", () => {
  it("makes columns as wide as their widest cell, under a head, without spaces at the end", () => {
    expect(
      table(
        [
          ["users.example.eth", "1", "a b"],
          ["x", "31337", ""],
        ],
        ["DOMAIN", "CHAIN", "C"],
      ),
    ).to.deep.equal([
      "DOMAIN             CHAIN  C",
      "users.example.eth  1      a b",
      "x                  31337",
    ]);
    expect(
      table([
        ["url", "https://a"],
        ["since", "-"],
      ]),
    ).to.deep.equal(["url    https://a", "since  -"]);
    expect(table([], ["DOMAIN"])).to.deep.equal(["DOMAIN"]);
  });
});
