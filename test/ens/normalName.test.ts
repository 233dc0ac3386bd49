import { assertNormalName } from "../../src/ens/normalName.js";
import { expectError } from "../expectError.js";

describe("ens/normalName", () => {
  it("takes names in normal form that can be stored", () => {
    for (const name of ["eth", "alice.users.example.eth", `${"a".repeat(255)}.eth`, "bücher.eth"]) {
      assertNormalName(name);
    }
  });

  it("refuses all others", () => {
    const refused: [name: string, why: RegExp][] = [
      ["", /name is empty/],
      ["Alice.eth", /use "alice\.eth"/],
      ["a..eth", /empty label/],
      [`${"a".repeat(256)}.eth`, /a label takes 256 bytes/],
      [`${"a".repeat(250)}.`.repeat(4) + "b".repeat(19), /at most 1022 can be used/],
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
