/** The public list of relay nodes, of a service that watches them: one made of dm3's libraries, registered by its proof. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import { z } from "zod";
import { canaryAccount } from "../../../src/capabilities/registry/canary/canaryAccount.js";
import { decodeBase64 } from "../../../src/dm3/base64.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { type ProvenProfile, provenProfile } from "../../../src/dm3/statement/nodeProof.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { createWalletClient } from "../../../src/sdk/node.js";
import {
  listedNodesPageSchema,
  shownNodeSchema,
  type ShownRelayNode,
} from "../../../src/wire/relayNodes.js";
import { bytes } from "../../db/sampleNames.js";
import { createNodeWorld, type NodeWorld } from "../../dm3-node/nodeWorld.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };
import { DOMAIN, openTestService, type TestService } from "../openTestService.js";

/** A round is a quarter of it. */
const INTERVAL_MS = 400;
const CANARY = { name: `canary.${DOMAIN}`, secrets: { walletKey: bytes(32, 0x79) } };

describe("http: relay nodes", function () {
  this.timeout(180_000);
  let http: TestService;
  let world: NodeWorld;

  before(async () => {
    world = await createNodeWorld();
    http = await openTestService(undefined, {
      nodeWatch: { intervalMs: INTERVAL_MS, allowLoopback: true, canary: CANARY },
    });
  });
  after(async () => {
    await world.close();
    await http.stop();
  });

  function proven(
    name: string,
    which: 0 | 1,
    owner: string | null = null,
    { listed = true, canary = false } = {},
  ): ProvenProfile {
    const { keys, profile } = services.deliveryServices[which]!;
    return provenProfile(decodeBase64(keys.signingKeyPair.privateKey), {
      ...{ name, owner, listed, canary, signedAtSec: Math.floor(Date.now() / 1000) },
      profile: { ...profile, url: world.nodes[which].url },
    });
  }
  const get = (path: string) => http.v1("GET", path, undefined, null);
  /** Once it is in this state. */
  async function shownAs(name: string, state: string): Promise<ShownRelayNode> {
    for (let attempt = 0; ; attempt++) {
      const { status, body } = await get(`/nodes/${name}`);
      const schema = z.fromJSONSchema(shownNodeSchema.schema);
      expect([status, schema.safeParse(body).error]).to.deep.equal([200, undefined]);
      if (body["state"] === state) return body as unknown as ShownRelayNode;
      if (attempt === 600) throw new Error(`It never was ${state}: ${JSON.stringify(body)}`);
      await delay(50);
    }
  }
  const listed = async () => {
    const { body, headers } = await get("/nodes");
    expect(z.fromJSONSchema(listedNodesPageSchema.schema).safeParse(body).error).to.equal(
      undefined,
    );
    expect(headers.get("cache-control")).to.equal("public, max-age=15");
    return (body["nodes"] as { name: string }[]).map(({ name }) => name);
  };
  const register = async (name: string, body: object) => {
    const { status } = await http.v1("PUT", `/relay-nodes/${name}`, body);
    expect(status).to.equal(200);
  };

  it("shows a node of dm3's libraries as what it is, as it works, ends, and works again", async () => {
    const name = `stock.${DOMAIN}`;
    await register(name, proven(name, 0));
    const works = await shownAs(name, "works");
    expect(works).to.deep.include({ name, url: world.nodes[0].url, listed: true, reason: null });
    expect(await listed()).to.deep.equal([name]);
    world.nodes[0].bend = (_request, response) => {
      response.status(502).end();
      return true;
    };
    const ended = await shownAs(name, "unreachable");
    expect(ended.reason).to.equal("answers with HTTP status 502");
    expect(ended.sinceMs).to.be.above(works.sinceMs!);
    world.nodes[0].bend = () => false;
    const again = await shownAs(name, "works");
    expect(again.changes.map(({ state }) => state)).to.deep.equal([
      "works",
      "unreachable",
      "works",
    ]);
    expect(again.uptime30Days).to.be.within(0.01, 0.99);
  });

  it("shows a node without a proof, and does not list it; nor one that is not to be listed", async () => {
    const [bare, quiet] = [`bare.${DOMAIN}`, `quiet.${DOMAIN}`];
    const { publicEncryptionKey, publicSigningKey, url } = proven(bare, 1);
    await register(bare, { publicEncryptionKey, publicSigningKey, url });
    await register(quiet, proven(quiet, 1, null, { listed: false }));
    expect((await shownAs(bare, "unproven")).reason).to.equal("was registered without a proof");
    expect((await shownAs(quiet, "works")).listed).to.equal(false);
    await delay(5_100); // a page is kept for a moment
    expect(await listed()).to.deep.equal([`stock.${DOMAIN}`]);
  });

  it("shows as wrong a node that answers questions and delivers nothing, where its operator grants a canary", async () => {
    const account = await canaryAccount(CANARY);
    const { ens, nodes } = world;
    await ens.setResolver(CANARY.name, ens.publicResolver);
    await ens.setAddress(CANARY.name, checksumAddress(account.address));
    await ens.setText(CANARY.name, DM3_PROFILE_KEY, encodeProfileRecord(account.signed));
    const name = `granted.${DOMAIN}`;
    await register(name, proven(name, 0, null, { canary: true }));
    await shownAs(name, "works");
    nodes[0].bend = (request, response) => {
      if (!request.path.includes("/incoming/")) return false;
      response.json([]);
      return true;
    };
    expect((await shownAs(name, "wrong")).reason).to.match(/does not deliver it/);
    // its operator did not grant one here, though it is the same node
    expect((await get(`/nodes/stock.${DOMAIN}`)).body["state"]).to.equal("works");
    nodes[0].bend = () => false;
    await shownAs(name, "works");
    expect((await http.v1("GET", `/names/${CANARY.name}`)).status).to.equal(200);
    expect((await http.v1("DELETE", `/relay-nodes/${name}`)).status).to.equal(204);
  });

  it("ends a registration with the owner of its name", async () => {
    const name = `owned.${DOMAIN}`;
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    const [first, second] = [Wallet.createRandom(), Wallet.createRandom()];
    const mine = createWalletClient({ url: http.url, wallet: first });
    await mine.claim(name);
    await mine.registerRelayNode(name, proven(name, 1, first.address));
    await shownAs(name, "works");
    await mine.move(name, second.address);
    expect((await get(`/nodes/${name}`)).status).to.equal(404);
    const theirs = createWalletClient({ url: http.url, wallet: second });
    const former = theirs.registerRelayNode(name, proven(name, 1, first.address));
    expect(await former.catch((error: unknown) => (error as { code?: string }).code)).to.equal(
      "WRONG_SIGNER",
    );
    await theirs.registerRelayNode(name, proven(name, 1, second.address));
    expect((await shownAs(name, "works")).changes).to.have.length(1);
  });

  it("says what is no relay node here, and pages", async () => {
    const nobody = await get(`/nodes/nobody.${DOMAIN}`);
    expect([nobody.status, nobody.body["code"]]).to.deep.equal([404, "NOT_FOUND"]);
    expect((await get("/nodes?limit=101")).status).to.equal(400);
    expect((await get("/nodes/UPPER.eth")).status).to.equal(400);
    const { body } = await get(`/nodes?limit=1&after=owned.${DOMAIN}`);
    expect(body["next"]).to.equal(null);
    expect(body["nodes"]).to.have.length(1);
  });

  it("counts them for metrics", async () => {
    const text = await (await fetch(`${http.url}/metrics`)).text();
    expect(text).to.match(/^signpost_relay_nodes\{state="works"\} [1-9]/m);
    expect(text).to.match(/^signpost_relay_nodes\{state="unproven"\} 1$/m);
    expect(text).to.match(/^signpost_relay_nodes_overdue 0$/m);
    // the canary's domain was not there when the service started: that is said once
    const failures = http.failures.filter(({ message }) => !message.includes("NODE_CANARY_NAME"));
    expect(failures).to.deep.equal([]);
    expect(http.failures.length).to.be.at.most(1);
  });
});
