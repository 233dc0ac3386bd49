import { expect } from "chai";
import { decodeJwt } from "jose";
import { parseAddress } from "../../../src/ens/address.js";
import { tokensBy } from "../../../src/http/relay/tokens.js";

const ADDRESS = parseAddress(`0x${"a1".repeat(20)}`);

describe("relay: challenges", () => {
  const challengeOf = async (...audience: string[]) => {
    const tokens = tokensBy(new Uint8Array(32).fill(1), () => 1_700_000_000_000, audience);
    const text = await tokens.challenge(ADDRESS);
    expect((await tokens.readChallenge(text)).address).to.deep.equal(ADDRESS);
    return decodeJwt(text);
  };

  it("say whose they are, by name and URL", async () => {
    const [name, url] = ["relay.example.eth", "https://relay.example.com/ds"];
    expect((await challengeOf(name, url)).aud).to.deep.equal([name, url]);
    expect((await challengeOf(name)).aud).to.deep.equal([name]);
  });

  it("say nothing where the node does not know it", async () => {
    expect(await challengeOf()).not.to.have.property("aud");
  });
});
