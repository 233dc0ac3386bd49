import { expect } from "chai";
import { assertTextSignedBy } from "../../src/dm3/keys/ed25519.js";
import { relayNodeApi } from "../../src/messenger/relayNodeApi.js";
import { openSession, type Session } from "../../src/messenger/session.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { expectRejection } from "../expectError.js";
import { answerJson, type Handler, type LoopbackServer, serve } from "../lookup/loopbackServer.js";

const CHALLENGE = "eyJhbGciOiJIUzI1NiJ9.eyJhY2NvdW50IjoiYm9iLmV0aCJ9.c2lnbmF0dXJl";
const { bob } = people;

describe("messenger: session", () => {
  let server: LoopbackServer;
  let session: Session;
  let nowMs: number;

  before(async () => {
    server = await serve(answerJson({}));
  });
  after(() => server.close());
  beforeEach(async () => {
    nowMs = 1_000_000;
    server.requests.length = 0;
    const access = { fetcher: createGuardedFetcher({ allowLoopback: true }), timeoutMs: 2_000 };
    const api = relayNodeApi("ds.example.eth", server.url, access);
    const keys = await keysOf(ENGINES.node, "bob");
    const identity = { name: bob.ensName, keys, signedProfile: () => bob.signedUserProfile };
    session = openSession(api, identity, { nowMs: () => nowMs, chance: () => 0 });
  });

  /** By "METHOD path" without the name. */
  const answering =
    (answers: Readonly<Record<string, Handler>>): Handler =>
    (request, response) => {
      const [, place = ""] = /^\/(\w+)/.exec(request.url ?? "") ?? [];
      const handler = answers[`${request.method ?? ""} ${place}`] ?? answerJson({}, 404);
      handler(request, response);
    };

  it("signs the challenge, whole, with the profile's key", async () => {
    let body = "";
    server.handler = answering({
      "GET auth": answerJson(CHALLENGE),
      "POST auth": (request, response) => {
        request.on("data", (chunk) => (body += String(chunk)));
        request.on("end", () => response.end('"a token"'));
      },
    });
    expect(await session.token()).to.equal("a token");
    const { challenge, signature } = JSON.parse(body) as Record<"challenge" | "signature", string>;
    expect(challenge).to.equal(CHALLENGE);
    assertTextSignedBy(bob.profile.publicSigningKey, CHALLENGE, signature);
  });

  for (const forged of [
    '{"message":"I owe you","metadata":{"from":"bob.eth","to":"mallory.eth"}}',
    '{"deliveryInformation":"x","messageHash":"0x00","version":"v1"}',
    "alias: mallory.eth",
    "remove: bob.eth",
    `0x${"ab".repeat(32)}`,
    "a.b.c",
    `${CHALLENGE} `,
    `${CHALLENGE}\n{}`,
  ]) {
    it(`does not sign ${JSON.stringify(forged).slice(0, 40)}`, async () => {
      server.handler = answering({ "GET auth": answerJson(forged) });
      await expectRejection(session.token(), "SIGN_IN_REFUSED", /is no challenge/);
      expect(server.requests).to.deep.equal(["GET /auth/bob.eth"]);
    });
  }

  const challengeFor = (aud: unknown) => {
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");
    return `${part({ alg: "HS256" })}.${part({ account: "0x00", nbf: 1, aud })}.c2lnbmF0dXJl`;
  };

  for (const [what, audience] of [
    ["its name", () => "ds.example.eth"],
    ["its name in capitals", () => "DS.Example.eth"],
    ["its URL", () => server.url],
    ["both, and more", () => ["x.eth", "ds.example.eth", server.url]],
  ] as const) {
    it(`signs a challenge that is for ${what}`, async () => {
      server.handler = answering({
        "GET auth": answerJson(challengeFor(audience())),
        "POST auth": answerJson("a token"),
      });
      expect(await session.token()).to.equal("a token");
    });
  }

  for (const [what, audience] of [
    ["another node", () => "other.example.eth"],
    ["a node below it", () => "x.ds.example.eth"],
    ["another URL", () => [`${server.url}/ds`]],
    ["nobody", () => []],
    ["null", () => null],
    ["a number", () => 7],
  ] as const) {
    it(`does not sign a challenge that is for ${what}, which it would be given a token for`, async () => {
      server.handler = answering({
        "GET auth": answerJson(challengeFor(audience())),
        "POST auth": answerJson("a token"),
      });
      const error = await expectRejection(session.token(), "SIGN_IN_REFUSED", /another relay node/);
      expect(error.details).to.include({ reason: "other-node" });
      expect(server.requests).to.deep.equal(["GET /auth/bob.eth"]);
    });
  }

  it("signs up where there is no account, and again where the node knows another key", async () => {
    let isSignedUp = false;
    let signatures = 0;
    server.handler = answering({
      "GET auth": (request, response) => {
        answerJson(isSignedUp ? CHALLENGE : {}, isSignedUp ? 200 : 404)(request, response);
      },
      "POST profile": (request, response) => {
        isSignedUp = true;
        answerJson("first token")(request, response);
      },
      "POST auth": (request, response) => {
        const isKnown = ++signatures > 1;
        const answer = isKnown ? "a token" : { error: "Signature invalid" };
        answerJson(answer, isKnown ? 200 : 400)(request, response);
      },
    });
    expect(await session.token()).to.equal("a token");
    expect(server.requests).to.deep.equal([
      ...["GET /auth/bob.eth", "POST /profile/bob.eth", "GET /auth/bob.eth", "POST /auth/bob.eth"],
      ...["POST /profile/bob.eth", "GET /auth/bob.eth", "POST /auth/bob.eth"],
    ]);
  });

  it("asks a node that refuses its own tokens less and less often", async () => {
    server.handler = answering({
      "GET auth": answerJson(CHALLENGE),
      "POST auth": answerJson("a token"),
      "GET delivery": answerJson({}, 401),
    });
    const access = { fetcher: createGuardedFetcher({ allowLoopback: true }), timeoutMs: 2_000 };
    const api = relayNodeApi("ds.example.eth", server.url, access);
    const read = () => session.withToken((token) => api.incoming(bob.ensName, token, ""));
    const asked: number[] = [];
    for (let second = 0; second < 600; second++) {
      const before = server.requests.length;
      await expectRejection(read(), "SIGN_IN_REFUSED", /refuses the tokens that it gives itself/);
      if (server.requests.length > before) asked.push(second);
      nowMs += 1_000;
    }
    expect(asked).to.deep.equal([0, 30, 90, 210, 450]);
    expect(server.requests.length).to.be.at.most(5 * 6);
  });

  it("asks a node again where the clock was set back since it refused", async () => {
    server.handler = answering({ "GET auth": answerJson("a challenge") });
    await expectRejection(session.token(), "SIGN_IN_REFUSED", /is no challenge/);
    server.handler = answering({
      "GET auth": answerJson(CHALLENGE),
      "POST auth": answerJson("a token"),
    });
    await expectRejection(session.token(), "SIGN_IN_REFUSED", /is no challenge/);
    nowMs -= 60 * 60_000;
    expect(await session.token()).to.equal("a token");
  });

  it("signs in once for all who wait", async () => {
    server.handler = answering({
      "GET auth": answerJson(CHALLENGE),
      "POST auth": answerJson("a token"),
    });
    const tokens = await Promise.all([session.token(), session.token(), session.token()]);
    expect(tokens).to.deep.equal(["a token", "a token", "a token"]);
    expect(server.requests).to.have.length(2);
  });
});
