import { expect } from "chai";
import { encodeDeliveryServiceRecord } from "../../src/dm3/profile/profileRecord.js";
import { dm3Hash } from "../../src/dm3/stringify.js";
import { resolveRelayNode as resolveInBrowser } from "../../src/sdk/index.js";
import {
  createGuardedFetcher,
  type RelayNodeOutcome,
  resolveRelayNode,
} from "../../src/sdk/node.js";
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

  describe("at a URL that leads into a private network", () => {
    const serveAt = (url: string) => {
      publish(encodeDeliveryServiceRecord({ ...relayProfile, url }));
    };
    /** The gateway of these tests is on this machine, so the fetcher may reach it; the relay node may not be. */
    const fetcher = createGuardedFetcher({ allowLoopback: true });
    const resolve = (allowLoopback: boolean) =>
      resolveRelayNode(RELAY, { ...scene.options, fetcher, allowLoopback });

    const elsewhere = [
      "https://10.0.0.1/rpc",
      "https://172.16.0.1",
      "https://192.168.1.1:8080/",
      "https://169.254.169.254/latest",
      "https://0.0.0.0/",
      "https://[fd00::1]/",
      "https://[fe80::1]/",
      "https://[::ffff:10.0.0.1]/",
      "https://0xa9fea9fe/",
    ];
    for (const url of elsewhere) {
      it(`${url} is untrusted, even where loopback is allowed: relay-node-url`, async () => {
        serveAt(url);
        for (const allowLoopback of [false, true]) {
          expectUntrusted(await resolve(allowLoopback), "relay-node-url", /not a public address/);
        }
      });
    }

    for (const url of ["https://127.0.0.1/", "http://localhost:3000", "https://[::1]/rpc"]) {
      it(`${url} is untrusted unless loopback is allowed: relay-node-url`, async () => {
        serveAt(url);
        const sentence = /not a public address .*allowLoopback/;
        expectUntrusted(await resolve(false), "relay-node-url", sentence);
        const found = expectFound(await resolve(true));
        expect(found.profile.url).to.equal(url);
        expect(found.checks.map(({ check }) => check)).to.include("relay-node-url");
      });
    }

    it("is not taken for a profile's relay node", async () => {
      serveAt("https://10.0.0.1/rpc");
      const found = expectFound(await scene.resolveAlice());
      expect(found.relayNode).to.equal(null);
      expectUntrusted(found.relayNodes[0]!, "relay-node-url", /10\.0\.0\.1 is not a public/);
    });
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
