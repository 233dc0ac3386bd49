/** The lookup page in a real Chromium, for what DM3 keys signed: proofs, a bridge, a certificate. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type DemoWorld, DOMAIN, lookupPageUrl } from "../../src/demo/demoWorld.js";
import { createClient } from "../../src/sdk/node.js";
import { startTestWorld } from "../e2e/testWorld.js";
import { provenNode, signedCertificate, signedNetwork } from "../registry/signedStatements.js";
import { type Chromium, startChromium } from "./chromium.js";
import { textsOfLowContrast } from "./contrast.js";
import { openPage, SCREENSHOTS } from "./lookupPage.js";

const RELAY = `relay.${DOMAIN}`;

describe("the lookup page: what DM3 keys signed", () => {
  let world: DemoWorld;
  let chromium: Chromium;

  before(async () => {
    chromium = await startChromium();
    world = await startTestWorld();
    const client = createClient({ url: world.service.url, apiKey: world.apiKey });
    const [alice] = world.people;
    await client.relayNodes.put(RELAY, provenNode(RELAY, null));
    await client.networks.put(
      RELAY,
      signedNetwork(RELAY, null, { kind: "bridge", virtualDomain: "dm3.other.example" }),
    );
    await client.certificates.put(alice!.name, signedCertificate(alice!.name, alice!.keys));
    await mkdir(SCREENSHOTS, { recursive: true });
  });
  after(async () => {
    await chromium.close();
    await world.stop();
  });

  const show = async (name: string, file: string) => {
    const open = await openPage(chromium.context, lookupPageUrl(world, name));
    const text = await open.outcome();
    await open.page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
    expect(await open.page.evaluate(textsOfLowContrast)).to.deep.equal([]);
    expect(await open.policyViolations()).to.deep.equal([]);
    expect(open.errors).to.deep.equal([]);
    await open.close();
    return text;
  };

  it("shows the proof and the kind of each relay node, and the certificate", async () => {
    const text = await show(world.people[0]!.name, "signed-profile.png");
    expect(text).to.match(/Proof\s+Its own key says that it is behind this name/);
    expect(text).to.match(/Kind\s+Of the bridge relay\.users\.example\.eth, whose operator holds/);
    expect(text).to.match(/Proof\s+None: nobody but the name says/);
    expect(text).to.match(/Kind\s+A plain relay node/);
    expect(text).to.match(/Certificate\s+For\s+OpenPGP\s+Address there\s+alice\./);
  });

  it("shows a relay node and a network under their own name", async () => {
    const text = await show(RELAY, "signed-network.png");
    expect(text).to.match(/This name is a relay node’s/);
    expect(text).to.match(/This name is a network’s\s+Kind\s+Bridge: it holds the DM3 keys/);
    expect(text).to.match(/Its people\s+chat\.example/);
    expect(text).to.match(/cannot ask the DNS of chat\.example[^]*_dm3\.chat\.example TXT/);
    expect(text).to.match(/Its host’s word[^]*_dm3\.dm3\.other\.example TXT/);
  });
});
