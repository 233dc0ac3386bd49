import { expect } from "chai";
import { dnsEncode, namehash } from "ethers";
import { toHex } from "../../src/abi/hex.js";
import { resolvableName, resolvableNormalName } from "../../src/ens/resolvableName.js";
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

  it("has the normal form alone as well", () => {
    expect(resolvableNormalName("Alice.Users.Example.ETH")).to.equal(NAME);
  });

  it("refuses a name that is missing, has no normal form, or fits into no lookup", () => {
    const refused: [given: unknown, why: RegExp][] = [
      [undefined, /name is missing/],
      ["", /name is empty/],
      ["a..eth", /empty label/],
      [`${"a".repeat(256)}.eth`, /a label takes 256 bytes/],
    ];
    for (const [given, why] of refused) {
      for (const form of [resolvableName, resolvableNormalName]) {
        expectError(() => form(given as string), "INVALID_NAME", why);
      }
    }
  });

  it("says what was given in place of a name: an address, a URL, an email address", () => {
    const ADDRESS = "0xc24aD2f1171A54E4d49289Bf838917fAB0101e99";
    const refused: [given: string, kind: string][] = [
      [ADDRESS, "an Ethereum address"],
      [` ${ADDRESS.toLowerCase()}`, "an Ethereum address"],
      ["https://alice.eth", "a URL"],
      ["alice@example.com", "an email address"],
    ];
    for (const [given, kind] of refused) {
      expectError(
        () => resolvableName(given),
        "INVALID_NAME",
        new RegExp(`^"${given.trim()}" is ${kind}, not an ENS name\\. Give the ENS name itself`),
      );
    }
    // wallets that have a name made of their address
    expect(resolvableName(`${ADDRESS}.${NAME}`).name).to.equal(`${ADDRESS.toLowerCase()}.${NAME}`);
  });
});
