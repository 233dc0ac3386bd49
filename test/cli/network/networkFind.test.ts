import { expect } from "chai";
import { networkCommand } from "../../../src/cli/network/networkCommand.js";
import { type LoopbackDns, startDns } from "../../../src/demo/mail/dnsServer.js";
import { expectRejection } from "../../expectError.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { answer, answerJson } from "../../lookup/loopbackServer.js";
import {
  BOB,
  NETWORK,
  networkRecord,
  type NetworkScene,
  networkScene,
  nodeProfiles,
  NODES,
} from "../../lookup/networkScene.js";
import { createScene, DOMAIN, type Scene } from "../../lookup/scene.js";
import { runCommand } from "../runCommand.js";

describe("signpost network show, find", () => {
  let scene: Scene;
  let world: NetworkScene;
  let chain: ChainServer;
  let dns: LoopbackDns;

  before(async () => {
    scene = await createScene();
    chain = await serveChain();
    dns = await startDns();
  });
  beforeEach(async () => {
    await scene.reset();
    world = networkScene(scene);
    dns.zones.clear();
  });
  after(async () => {
    await scene.close();
    await chain.close();
    await dns.stop();
  });

  const run = (...args: string[]) =>
    runCommand(
      networkCommand,
      ...["network", ...args, "--rpc", chain.url, "--registry", scene.ens.ensRegistry],
      ...["--allow-loopback", "--dns-server", dns.server],
    );

  it("shows a network with its nodes and its domain's word; 0", async () => {
    const { text, exitStatus } = await run("show", NETWORK);
    expect(exitStatus).to.equal(0);
    expect(text).to.match(/^found {2}xmpp\.users\.example\.eth is a messaging gateway to xmpp/);
    expect(text).to.match(/consent +chat\.example does not confirm it/);
    expect(text).to.match(/ok one\.xmpp\.users\.example\.eth {2}https:\/\/relay1\.example/);
    dns.zones.set("_dm3.chat.example", { TXT: [`dm3-network=${NETWORK}`] });
    const confirmed = (await run("show", NETWORK)).text;
    expect(confirmed).to.match(/chat\.example confirms it in its DNS/);
    expect(confirmed).to.match(/consent +dm3\.chat\.example lies below chat\.example, which conf/);
    dns.zones.set("_dm3.chat.example", { trouble: "failing" });
    expect((await run("show", NETWORK)).text).to.match(/could not be found out/);
  });

  it("shows with --json what resolveNetwork gives, and the domain's word", async () => {
    const { text } = await run("show", NETWORK, "--json");
    const shown = JSON.parse(text) as Record<"domain" | "virtualDomain", { consent: string }> & {
      record: unknown;
    };
    expect(shown.domain.consent).to.equal("unconfirmed");
    expect(shown.virtualDomain.consent).to.equal("unconfirmed");
    expect(shown.record).to.deep.equal(networkRecord());
    world.publishNetwork(networkRecord({ nativeDomain: null }));
    const all = JSON.parse((await run("show", NETWORK, "--json")).text) as { domain: unknown };
    expect(all.domain).to.equal(null);
  });

  it("shows a node with other keys as what it is", async () => {
    world.publishNode(0, {}, nodeProfiles[1]);
    expect((await run("show", NETWORK)).text).to.match(/x {2}one\..* untrusted: .*another signing/);
  });

  it("tells absence, outage and forgery apart by exit status", async () => {
    expect(await run("show", `no.${DOMAIN}`)).to.include({ exitStatus: 3 });
    world.publishNetwork({ ...networkRecord(), sizeLimit: 1 });
    const forged = await run("show", NETWORK);
    expect(forged).to.include({ exitStatus: 5 });
    expect(forged.text).to.match(/x network-signature/);
    scene.gateway.handler = answer("", { status: 502 });
    expect(await run("show", NETWORK)).to.include({ exitStatus: 4 });
  });

  it("finds the way by the network that the domain's DNS names", async () => {
    dns.zones.set("_dm3.chat.example", { TXT: [`dm3-network=${NETWORK}`] });
    const { text, exitStatus } = await run("find", "bob@chat.example");
    expect(exitStatus).to.equal(0);
    expect(text).to.match(/^found {2}bob@chat\.example is bob\.chat\.users\.example\.eth/);
    for (const node of NODES) expect(text).to.include(`    ${node}  https://`);
    const { text: json } = await run("find", "bob@chat.example", "--json");
    expect(JSON.parse(json)).to.include({ name: BOB, kind: "gateway" });
  });

  it("finds it by a network that is given, and by what a service lists", async () => {
    const given = await run("find", "bob@chat.example", "--network", NETWORK);
    expect(given).to.include({ exitStatus: 0 });
    const { relayNodes, ...record } = networkRecord();
    scene.host.handler = answerJson({
      networks: [
        {
          ...{ name: NETWORK, domain: DOMAIN, kind: record.kind, network: record.network },
          ...{ names: record.names, nativeDomain: record.nativeDomain },
          ...{ virtualDomain: record.virtualDomain, directions: record.directions },
          ...{ codecs: record.codecs, relayNodes: relayNodes.map(({ name }) => name) },
          signedAtSec: record.signedAtSec,
        },
      ],
      next: null,
    });
    const listed = await run("find", "bob@chat.example", "--service", scene.host.url);
    expect(listed).to.include({ exitStatus: 0 });
    expect(scene.host.requests).to.include.members(["GET /v1/networks?nativeDomain=chat.example"]);
  });

  it("is absent, 3, without a profile", async () => {
    const { text, exitStatus } = await run("find", "carol@chat.example", "--network", NETWORK);
    expect(exitStatus).to.equal(3);
    expect(text).to.match(/^absent {2}carol@chat\.example is carol\..* has no profile/);
  });

  it("throws NOT_FOUND where the domain names none, UNREACHABLE where it could not be asked", async () => {
    await expectRejection(run("find", "bob@chat.example"), "NOT_FOUND", /names no network/);
    dns.zones.set("_dm3.chat.example", { trouble: "failing" });
    await expectRejection(run("find", "bob@chat.example"), "UNREACHABLE", /DNS did not answer/);
    await expectRejection(run("find", "bob"), "INVALID_REQUEST", /local@domain/);
  });
});
