import { expect } from "chai";
import { dnsEncode, namehash } from "ethers";
import { toHex } from "../../src/abi/hex.js";
import { encodeDnsName } from "../../src/ens/dnsName.js";
import { resolvableName, resolvableNameOfDns } from "../../src/ens/resolvableName.js";
import { expectError } from "../expectError.js";

const NAME = "alice.users.example.eth";

describe("ens/resolvableName", () => {
  it("has all forms of one name, whichever it is made of", () => {
    const forms = [
      resolvableName(NAME),
      resolvableName("Alice.Users.Example.ETH"),
      resolvableNameOfDns(encodeDnsName(NAME)),
    ];
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
      [`${"a".repeat(64)}.eth`, /a label takes 64 bytes/],
    ];
    for (const [given, why] of refused) {
      expectError(() => resolvableName(given as string), "INVALID_NAME", why);
    }
  });

  it("takes the DNS form of a name in normal form only, and corrects nothing", () => {
    expectError(
      () => resolvableNameOfDns(encodeDnsName("Alice.users.example.eth")),
      "INVALID_NAME",
      /use "alice\.users\.example\.eth"/,
    );
    expectError(() => resolvableNameOfDns(new Uint8Array([1])), "INVALID_NAME", /ends inside/);
  });
});
