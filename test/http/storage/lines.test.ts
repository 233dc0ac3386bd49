import { expect } from "chai";
import { lineOfRow, readLines } from "../../../src/http/storage/lines.js";
import type { ConversationRow } from "../../../src/storage/rows.js";

const ROW: ConversationRow = {
  ...{ kind: "conversation", contact: "bob", profileLocation: "", isHidden: false, movedTo: null },
  ...{ updatedMs: 1, version: 1 },
};
const bytes = (text: string) => new TextEncoder().encode(text);
const refusal = (text: string) => {
  try {
    return readLines(bytes(text));
  } catch (error) {
    return error;
  }
};

describe("http: lines of rows", () => {
  it("reads nothing of more lines than a batch has, also where they are empty", () => {
    expect(refusal("\n".repeat(2_003))).to.include({ code: "TOO_LARGE" });
    expect(readLines(bytes("\n".repeat(2_002)))).to.deep.equal({ idName: null, rows: [] });
  });

  it("parses no line with more values than a row has", () => {
    const good = lineOfRow(ROW);
    for (const bad of ["[".repeat(100_000), `{"a":[${"0,".repeat(30)}0]}`]) {
      const message = "Line 2 has more values than a row has.";
      expect(refusal(`${good}${bad}\n`)).to.include({ code: "INVALID_REQUEST", message });
    }
  });

  it("takes texts for what they are, whatever stands in them", () => {
    const contact = `{[:,"\\`.repeat(50);
    const { rows } = readLines(bytes(lineOfRow({ ...ROW, contact })));
    expect(rows).to.deep.equal([{ ...ROW, contact }]);
  });

  it("takes no control characters, in names neither", () => {
    expect(refusal(lineOfRow({ ...ROW, contact: "a\u0001" }))).to.include({
      code: "INVALID_REQUEST",
    });
    const start = '{"kind":"storage","version":1,"idName":"a\\u0000"}';
    expect(refusal(start)).to.include({ code: "INVALID_REQUEST" });
  });
});
