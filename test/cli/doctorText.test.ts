import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { doctorText } from "../../src/cli/doctorText.js";
import type { Line } from "../../src/doctor/line.js";

describe("cli/doctorText", () => {
  it("folds what depends on a failure, readable where all ids are short", () => {
    const skipped = (id: string): Line => ({
      ...{ id, status: "skipped", seen: "depends on record" },
      ...{ advice: null, url: null, dependsOn: "record" },
    });
    const record: Line = {
      ...{ id: "record", status: "failed", seen: "there is none" },
      ...{ advice: "Register it.", url: null, dependsOn: null },
    };
    const text = doctorText("mail.example.eth", "failed", [record, skipped("mx"), skipped("spf")]);
    expect(stripVTControlCharacters(text).split("\n")).to.include(
      "-  2 checks depend on record: mx, spf",
    );
  });
});
