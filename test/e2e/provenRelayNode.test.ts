/** A proven relay node, a bridge and a certificate beside it: dm3's own library reads what it knows, and is not disturbed by the rest. */
import { expect } from "chai";
import { type DemoWorld, DOMAIN } from "../../src/demo/demoWorld.js";
import { createClient, resolveNetwork, resolveRelayNode } from "../../src/sdk/node.js";
import {
  NODE_PROFILE,
  provenNode,
  signedCertificate,
  signedNetwork,
} from "../registry/signedStatements.js";
import { dm3, dm3Checks, dm3RelayNode } from "./stockClients.js";
import { startTestWorld } from "./testWorld.js";

const RELAY = `relay.${DOMAIN}`;

describe("statements beside what stock clients read", function () {
  this.timeout(180_000);
  let world: DemoWorld;

  before(async () => {
    world = await startTestWorld();
    const client = createClient({ url: world.service.url, apiKey: world.apiKey });
    const [alice] = world.people;
    await client.relayNodes.put(RELAY, provenNode(RELAY, null));
    await client.networks.put(RELAY, signedNetwork(RELAY, null));
    await client.certificates.put(alice!.name, signedCertificate(alice!.name, alice!.keys));
  });
  after(() => world.stop());

  it("leave a relay node's record as dm3's library reads it", async () => {
    expect(await dm3RelayNode(world, RELAY)).to.equal(NODE_PROFILE.url);
  });

  it("leave a user's profile as dm3's library reads and checks it", async () => {
    const [alice] = world.people;
    const profile = alice!.signedUserProfile;
    expect(await dm3(world).profileOf(alice!.name)).to.deep.equal({ profile });
    expect(await dm3Checks(world, alice!.name)).to.equal(true);
  });

  it("are seen by the SDK through the service's gateway", async () => {
    const options = {
      ...{ rpc: world.chain.rpcUrl, ensRegistry: world.ens.registry, allowLoopback: true },
      universalResolver: world.ens.universalResolver,
    };
    expect(await resolveRelayNode(RELAY, options)).to.include({
      ...{ status: "found", proof: "proven", role: "gateway", network: RELAY },
    });
    expect(await resolveNetwork(RELAY, options)).to.include({ status: "found", owner: null });
  });
});
