import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import { watchedRows } from "../../../src/registry/sources/watchedRows.js";
import { expectRejection } from "../../expectError.js";

describe("registry/sources/watchedRows", () => {
  it("tells why the last question failed, until one is answered", async () => {
    let isGone = false;
    const rows = watchedRows({
      rowOf: () => {
        if (!isGone) return Promise.resolve("ambiguous");
        const details = { source: "1", domain: "users.example.eth", reason: "gone" };
        return Promise.reject(new SignpostError("SOURCE_UNAVAILABLE", "It is gone.", details));
      },
    });
    expect(rows.lastFailure).to.equal(null);
    isGone = true;
    await expectRejection(rows.rowOf("alice"), "SOURCE_UNAVAILABLE", /gone/);
    expect(rows.lastFailure?.message).to.equal("It is gone.");
    isGone = false;
    expect(await rows.rowOf("alice")).to.equal("ambiguous");
    expect(rows.lastFailure).to.equal(null);
  });
});
