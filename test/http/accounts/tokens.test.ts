import { expect } from "chai";
import { decodeJwt } from "jose";
import { parseAddress } from "../../../src/ens/address.js";
import { tokensBy } from "../../../src/http/accounts/tokens.js";
import { expectRejection } from "../../expectError.js";

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

describe("relay: tokens that were verified before", () => {
  const session = { address: ADDRESS, signingKey: "a key", proof: "challenge" } as const;

  it("end in their time, and are those alone", async () => {
    let nowMs = 1_700_000_000_000;
    const tokens = tokensBy(new Uint8Array(32).fill(1), () => nowMs, []);
    const text = await tokens.token(session);
    for (let times = 0; times < 3; times++) {
      expect(await tokens.readToken(text)).to.deep.equal(session);
    }
    const [head, , signature] = text.split(".");
    const claims = { ...decodeJwt(text), proof: "sign-up" };
    const altered = `${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
    await expectRejection(tokens.readToken(altered), "NOT_SIGNED_IN", /./);
    await expectRejection(tokens.readChallenge(text), "CHALLENGE_INVALID", /./);
    // its last second, and the one behind it
    nowMs += 3_599_000;
    expect(await tokens.readToken(text)).to.deep.equal(session);
    nowMs += 1_000;
    const error = await expectRejection(tokens.readToken(text), "NOT_SIGNED_IN", /./);
    expect(error.details["reason"]).to.equal("expired");
    expect(await tokens.readToken(text, 60)).to.deep.equal(session);
    await expectRejection(tokens.readToken(text), "NOT_SIGNED_IN", /./);
  });
});
