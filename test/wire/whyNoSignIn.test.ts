/** The sentence by which the service refuses a wallet, for every state of a domain. */
import { expect } from "chai";
import { whyNoSignIn } from "../../src/wire/whyNoSignIn.js";

describe("wire/whyNoSignIn", () => {
  const domain = "users.example.eth";
  const owner = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

  it("says who switches it on, and how", () => {
    expect(whyNoSignIn({ domain, owner, ownerSignsIn: false })).to.equal(
      "Signing in by a wallet is off for users.example.eth here. Sign in by an API key, or ask the operator to switch it on (`signpost domain policy users.example.eth --sign-in on`).",
    );
    // an owner alone would not be enough
    for (const ownerSignsIn of [false, true]) {
      expect(whyNoSignIn({ domain, owner: null, ownerSignsIn })).to.match(
        /has no owner here.*the operator.*--owner <address> --sign-in on`\)\.$/,
      );
    }
  });

  it("says nothing where the owner may sign in, or the service does not tell", () => {
    expect(whyNoSignIn({ domain, owner, ownerSignsIn: true })).to.equal(null);
    expect(whyNoSignIn({ domain, owner })).to.equal(null);
    expect(whyNoSignIn({ domain, owner: null })).to.equal(null);
  });
});
