import { expect } from "chai";
import { ensContracts } from "../../src/chain/ensContracts.js";
import { expectError } from "../expectError.js";

const GIVEN = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";

describe("chain/ensContracts", () => {
  it("knows ENS on Ethereum and its test chains", () => {
    expect(ensContracts(1n, {})).to.deep.equal({
      registry: "0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e",
      nameWrapper: "0xD4416b13d2b3a9aBae7AcD5D6C2BbDBE25686401",
    });
    const wrappers = [1n, 11155111n, 17000n].map((chain) => ensContracts(chain, {}).nameWrapper);
    expect(new Set(wrappers).size).to.equal(3);
  });

  it("takes what is given, and no wrapper of another registry", () => {
    expect(ensContracts(1n, { registry: GIVEN })).to.deep.equal({
      registry: GIVEN,
      nameWrapper: null,
    });
    expect(ensContracts(1n, { nameWrapper: GIVEN }).nameWrapper).to.equal(GIVEN);
    expect(ensContracts(5n, { registry: GIVEN }).registry).to.equal(GIVEN);
    expectError(() => ensContracts(5n, {}), "INVALID_REQUEST", /Chain 5 has no ENS registry/);
  });
});
