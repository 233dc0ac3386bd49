import { assertNormalName } from "../../src/ens/normalName.js";
import { expectError } from "../expectError.js";

describe("ens/normalName", () => {
  it("takes names in normal form that clients can send", () => {
    for (const name of ["eth", "alice.users.example.eth", `${"a".repeat(63)}.eth`, "bücher.eth"]) {
      assertNormalName(name);
    }
  });

  it("refuses all others", () => {
    const refused: [name: string, why: RegExp][] = [
      ["", /name is empty/],
      ["Alice.eth", /use "alice\.eth"/],
      ["a..eth", /empty label/],
      [`${"a".repeat(64)}.eth`, /a label takes 64 bytes/],
      [`${"a.".repeat(126)}eth`, /at most 255 fit/],
    ];
    for (const [name, why] of refused) {
      expectError(
        () => {
          assertNormalName(name);
        },
        "INVALID_NAME",
        why,
      );
    }
  });
});
