import { expect } from "chai";
import { encodeDeliveryServiceRecord } from "../../src/dm3/profileRecord.js";
import { dm3Hash } from "../../src/dm3/stringify.js";
import { resolveRelayNode as resolveInBrowser } from "../../src/sdk/index.js";
import { resolveRelayNode, type RelayNodeOutcome } from "../../src/sdk/node.js";
import { expectRejection } from "../expectError.js";
import { answer, answerJson, never } from "./loopbackServer.js";
import { expectAbsent, expectFound, expectUnreachable, expectUntrusted } from "./outcomes.js";
import { createScene, DOMAIN, RELAY, RELAY_KEY, relayProfile, type Scene } from "./scene.js";
import { records } from "./signingGateway.js";

describe("resolveRelayNode", () => {
  let scene: Scene;

  before(async () => {
    scene = await createScene();
  });
  beforeEach(() => scene.reset());
  after(() => scene.close());

  const resolveRelay = (name = RELAY): Promise<RelayNodeOutcome> =>
    resolveRelayNode(name, scene.options);
  const publish = (text: string) => {
    scene.names.set(RELAY, records({ [RELAY_KEY]: text }));
  };

  it("finds the profile of a relay node, which needs no address", async () => {
    const found = expectFound(await resolveRelay());
    expect(found.profile).to.deep.equal(relayProfile);
    expect(found.sentence).to.equal(`${RELAY} is the relay node at ${relayProfile.url}.`);
    expect(found).to.include({ name: RELAY, source: "data", resolver: scene.resolverAddress });
    expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
    expect(await resolveInBrowser(RELAY, scene.options)).to.deep.equal(found);
  });

  it("follows a link with a hash", async () => {
    scene.host.handler = answerJson(relayProfile);
    publish(`${scene.host.url}/?dm3Hash=${dm3Hash(relayProfile)}`);
    expect(expectFound(await resolveRelay()).source).to.equal("https");
  });

  it("is absent without record or resolver", async () => {
    expectAbsent(await resolveRelay(`nobody.${DOMAIN}`), "no-record", /it is no relay node/);
    expectAbsent(await resolveRelay("nowhere.eth"), "no-resolver", /no resolver/);
  });

  it("is unreachable when the gateway is down", async () => {
    scene.gateway.handler = answer("", { status: 502 });
    expectUnreachable(await resolveRelay(), /HTTP 502/);
  });

  it("is untrusted when the profile breaks the format", async () => {
    const plain = encodeDeliveryServiceRecord(relayProfile).replace("https:", "http:");
    publish(plain);
    expectUntrusted(await resolveRelay(), "profile-format", /field url .* https/);
  });

  it("throws INVALID_NAME for a name without normal form", async () => {
    await expectRejection(resolveRelay("a b.eth"), "INVALID_NAME", /normal form/);
  });

  it("gives up after the time-out", async () => {
    scene.gateway.handler = never;
    const outcome = await resolveRelayNode(RELAY, { ...scene.options, timeoutMs: 200 });
    expectUnreachable(outcome, /did not answer completely/);
  });
});
