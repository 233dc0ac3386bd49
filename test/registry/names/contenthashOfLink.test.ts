import { expect } from "chai";
import { contenthashOfLink } from "../../../src/registry/names/contenthashOfLink.js";

const CID_V0 = "QmRAQB6YaCyidP37UdDnjFY5vQuiBrcqdyoW1CuDgwxkD4";
const ENCODED = "0170122029f2d17be6139079dc48696d1f582a8530eb9805b561eda517e22a892c7e3f1f";

describe("the content hash of a link", () => {
  it("is that of ENSIP-7's example, with the CID in its version 1", () => {
    expect(contenthashOfLink(`ipfs://${CID_V0}`)).to.equal(`0xe301${ENCODED}`);
    expect(contenthashOfLink(`ipfs://${CID_V0}/`)).to.equal(`0xe301${ENCODED}`);
  });

  it("has the code of its protocol", () => {
    expect(contenthashOfLink(`ipns://${CID_V0}`)).to.equal(`0xe501${ENCODED}`);
  });

  for (const link of ["", "ipfs://", "ipfs://x", `https://${CID_V0}`, `ipfs://${CID_V0}/a`]) {
    it(`is none for ${JSON.stringify(link)}`, () => {
      expect(contenthashOfLink(link)).to.equal(null);
    });
  }
});
