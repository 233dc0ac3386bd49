import { expect } from "chai";
import { encodeDeliveryServiceRecord } from "../../src/dm3/profile/profileRecord.js";
import { dm3Hash } from "../../src/dm3/stringify.js";
import { checksumAddress } from "../../src/ens/address.js";
import { resolveRelayNode as resolveInBrowser } from "../../src/sdk/index.js";
import {
  createGuardedFetcher,
  type KnownRelayNodeOutcome,
  resolveRelayNode,
} from "../../src/sdk/node.js";
import { expectRejection } from "../expectError.js";
import { answer, answerJson, never } from "./loopbackServer.js";
import {
  NETWORK,
  networkRecord,
  type NetworkScene,
  networkScene,
  nodeProfiles,
  nodeProof,
  NODES,
  otherAddress,
  OWNER,
  PROOF_KEY,
} from "./networkScene.js";
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

  const resolveRelay = (name = RELAY): Promise<KnownRelayNodeOutcome> =>
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

  describe("of a node that proved itself", () => {
    const [name] = NODES;
    let world: NetworkScene;

    beforeEach(() => {
      world = networkScene(scene);
    });

    const publishProof = (proof: unknown) => {
      world.publishNode(0, { [PROOF_KEY]: JSON.stringify(proof) });
    };
    const proofOf = async () => expectFound(await resolveRelay(name)).proof;

    it("says so", async () => {
      expect(await proofOf()).to.equal("none");
      publishProof(nodeProof());
      const found = expectFound(await resolveRelay(name));
      expect(found.proof).to.equal("proven");
      expect(found.sentence).to.match(/Its own key says that it is behind the name/);
      expect(await resolveInBrowser(name, scene.options)).to.deep.equal(found);
    });

    it("is wrong for another name, owner, profile or key, and when it is malformed", async () => {
      publishProof(nodeProof(OWNER, NODES[1]));
      expect(await proofOf()).to.equal("wrong");
      publishProof(nodeProof(null));
      expect(await proofOf()).to.equal("wrong");
      const { signature, ...rest } = nodeProof();
      publishProof(rest);
      expect(await proofOf()).to.equal("wrong");
      const text = JSON.stringify({ ...rest, signature });
      for (const profile of [
        { ...nodeProfiles[0]!, url: "https://elsewhere.example" },
        { ...nodeProfiles[0]!, publicSigningKey: nodeProfiles[1]!.publicSigningKey },
        { ...nodeProfiles[0]!, publicEncryptionKey: nodeProfiles[1]!.publicEncryptionKey },
      ]) {
        world.publishNode(0, { [PROOF_KEY]: text }, profile);
        expect(await proofOf()).to.equal("wrong");
      }
    });

    it("is wrong when one field alone is another", async () => {
      const proof = nodeProof();
      const signature = proof.signature.replace(/^./, (one) => (one === "A" ? "B" : "A"));
      const owner = checksumAddress(otherAddress);
      for (const change of [{ listed: false }, { signedAtSec: 1 }, { signature }, { owner }]) {
        publishProof({ ...proof, ...change });
        expect(await proofOf(), JSON.stringify(change)).to.equal("wrong");
      }
    });

    it("is unknown, not absent, when only the proof cannot be read", async () => {
      publishProof(nodeProof());
      const { handler } = scene.gateway;
      const proofKey = Buffer.from(PROOF_KEY).toString("hex");
      scene.gateway.handler = (request, response) => {
        const isProof = request.url?.includes(proofKey) === true;
        (isProof ? answer("", { status: 502 }) : handler)(request, response);
      };
      expect(await proofOf()).to.equal("unknown");
    });

    it("tells of which gateway or bridge it is, by the record of a name above", async () => {
      const ofGateway = expectFound(await resolveRelay(name));
      expect(ofGateway).to.include({ role: "gateway", network: NETWORK });
      expect(ofGateway.sentence).to.match(/belongs to the messaging gateway xmpp\./);
      world.publishNetwork(networkRecord({ kind: "bridge" }));
      const ofBridge = expectFound(await resolveRelay(name));
      expect(ofBridge).to.include({ role: "bridge", network: NETWORK });
      expect(ofBridge.sentence).to.match(/whose operator holds the DM3 keys/);
    });

    it("is plain where no record names it, nor one its key", async () => {
      expect(expectFound(await resolveRelay())).to.include({ role: "plain", network: null });
      world.publishNode(0, {}, nodeProfiles[1]);
      expect(expectFound(await resolveRelay(name))).to.include({ role: "plain", network: null });
    });

    it("is unknown where the record that could name it is forged", async () => {
      world.publishNetwork({ ...networkRecord(), kind: "bridge" });
      expect(expectFound(await resolveRelay(name))).to.include({ role: "unknown", network: null });
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
