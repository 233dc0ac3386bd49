import { expect } from "chai";
import { dnsEncode, namehash } from "ethers";
import { toHex } from "../../src/abi/hex.js";
import { resolvableName } from "../../src/ens/resolvableName.js";
import { expectError } from "../expectError.js";

const NAME = "alice.users.example.eth";

describe("ens/resolvableName", () => {
  it("has all forms of one name, whichever it is made of", () => {
    const forms = [resolvableName(NAME), resolvableName("Alice.Users.Example.ETH")];
    for (const { name, node, dnsName } of forms) {
      expect([name, toHex(node), toHex(dnsName)]).to.deep.equal([
        NAME,
        namehash(NAME),
        dnsEncode(NAME),
      ]);
    }
  });

  it("refuses a name that is missing, has no normal form, or fits into no lookup", () => {
    const refused: [given: unknown, why: RegExp][] = [
      [undefined, /name is missing/],
      ["", /name is empty/],
      ["a..eth", /empty label/],
      [`${"a".repeat(256)}.eth`, /a label takes 256 bytes/],
    ];
    for (const [given, why] of refused) {
      expectError(() => resolvableName(given as string), "INVALID_NAME", why);
    }
  });
});
