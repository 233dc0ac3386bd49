import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import { DM3_STATUS } from "../../../src/http/dm3/refusals.js";
import { SERVICE_STATUS } from "../../../src/http/v1/serviceStatus.js";
import { retryOnConflict } from "../../../src/registry/changes/retryOnConflict.js";
import { expectRejection } from "../../expectError.js";

const conflict = () =>
  new SignpostError("VERSION_CONFLICT", "Somebody was faster.", { name: "a.eth", version: "2" });

describe("registry/retryOnConflict", () => {
  it("tries again until nobody else wrote in between, ten times at most", async () => {
    const attempts: number[] = [];
    const result = await retryOnConflict((number) => {
      attempts.push(number);
      return number < 10 ? Promise.reject(conflict()) : Promise.resolve("changed");
    });
    expect(result).to.equal("changed");
    expect(attempts).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("says then that others keep changing the name", async () => {
    let attempts = 0;
    const error = await expectRejection(
      retryOnConflict(() => {
        attempts++;
        return Promise.reject(conflict());
      }),
      "LIMIT_EXCEEDED",
      /others kept changing the name/i,
    );
    expect(attempts).to.equal(10);
    // where it is thrown, it is no defect
    for (const shown of [SERVICE_STATUS, DM3_STATUS])
      expect(shown).to.include({ [error.code]: 429 });
    expect(error.cause).to.include({ code: "VERSION_CONFLICT" });
  });

  it("tries nothing again that was refused for another reason", async () => {
    let attempts = 0;
    const refused = retryOnConflict(() => {
      attempts++;
      return Promise.reject(new SignpostError("NOT_FOUND", "The name is gone."));
    });
    await expectRejection(refused, "NOT_FOUND", /gone/);
    expect(attempts).to.equal(1);
  });
});
