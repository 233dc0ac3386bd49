import { expect } from "chai";
import { ensRegistryOn } from "../../src/chain/ensContracts.js";
import { expectError } from "../expectError.js";

const GIVEN = "0x1111111111111111111111111111111111111111";

describe("chain/ensContracts", () => {
  it("knows the registry on the chains that ENS is on", () => {
    for (const chain of [1n, 11155111n, 17000n]) {
      expect(ensRegistryOn(chain)).to.equal("0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e");
    }
  });

  it("takes what is given, and asks for it on other chains", () => {
    expect(ensRegistryOn(1n, GIVEN)).to.equal(GIVEN);
    expect(ensRegistryOn(5n, GIVEN)).to.equal(GIVEN);
    expectError(() => ensRegistryOn(5n), "INVALID_REQUEST", /Chain 5 has no ENS registry/);
  });
});
