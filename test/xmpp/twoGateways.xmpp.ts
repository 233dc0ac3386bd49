/** Gateways beside one another: of two operators at one server, of two servers, and two processes of one gateway. */
import { expect } from "chai";
import { freePort } from "../../src/demo/freePort.js";
import { startXmppServer } from "../../src/demo/xmpp-servers/startXmppServer.js";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import { CHAT_DOMAIN, startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { type ChildProgram, removeFolder, temporaryFolder } from "../childProgram.js";
import { gatewayAsProgram } from "./gatewayChild.js";
import { type AtRelayNodes, openMessenger } from "./relayNodeUser.js";
import { eventually } from "./userClient.js";
import { type Device, linked, LONG_MS, newPerson, openDevice, shows } from "./wholeScene.js";

const SECOND_HOST = "dm3b.chat.test";
const SECOND = "second-gateway.users.example.eth";
const OTHER = "talk-gateway.users.example.eth";
const OTHER_NAMES = "talk.example.eth";
const BOB = `bob.${CHAT_DOMAIN}`;

describe("two gateways", function () {
  this.timeout(LONG_MS);
  let world: XmppWorld;
  let otherServer: XmppServer | undefined;
  let alice: AtRelayNodes;
  /** Bob's device, with a messenger for each gateway. */
  let byFirst: Device;
  let bySecond: Device;
  let folder: string;
  const programs: ChildProgram[] = [];

  before(async () => {
    folder = await temporaryFolder();
    world = await startXmppWorld({
      ...{ kind: "ejabberd", databaseUrl: undefined, server: { furtherComponents: [SECOND_HOST] } },
      ...{ onStep: () => undefined, reportFailure: () => undefined },
    });
    await world.newGateway(SECOND, {
      server: { ...world.server, componentDomain: SECOND_HOST },
      registry: null,
    });
    const bob = await newPerson(world.server, "bob", [world.gateway.name, SECOND]);
    byFirst = await openDevice(world, bob, { resource: "phone" });
    await linked(byFirst);
    bySecond = await openDevice(world, bob, {
      ...{ resource: "phone-second", gateway: SECOND_HOST, name: BOB },
    });
    await linked(bySecond);
    alice = await openMessenger(world, world.demo.people[0]!);
  });
  after(async () => {
    for (const { process } of programs) process.kill("SIGKILL");
    await Promise.all([byFirst.logOut(), bySecond.logOut(), alice.leave()]);
    await world.stop();
    await otherServer?.remove();
    await removeFolder(folder);
  });

  it("of two operators: the second one carries while the first is away, and the conversation stays one", async () => {
    const write = async (text: string) => {
      const { id } = await alice.send(BOB, text);
      return alice.settled(id);
    };
    expect(await write("by the first")).to.include({
      ...{ state: "accepted", acceptedBy: world.gateway.name },
    });
    await shows(byFirst, ["by the first"]);
    await world.gateway.stop();
    expect(await write("by the second")).to.include({ state: "accepted", acceptedBy: SECOND });
    await shows(bySecond, ["by the second"]);
    const { id } = await bySecond
      .messenger()
      .send(world.demo.people[0]!.name, "by the second, too");
    expect(await bySecond.messenger().settled(id)).to.include({ state: "accepted" });
    await shows(alice, ["by the second, too"]);
    await world.gateway.startAgain();
    await write("by the first again");
    await shows(byFirst, ["by the first again"]);

    const from = world.demo.people[0]!.name;
    const all = [...byFirst.shown, ...bySecond.shown];
    const expected = ["by the first", "by the second", "by the first again"];
    expect(all.map((one) => one.text)).to.have.members(expected);
    expect(all.map((one) => one.from)).to.deep.equal([from, from, from]);
    expect(alice.shown).to.deep.equal([{ from: BOB, text: "by the second, too" }]);
  });

  it("of two servers: their users write to one another", async () => {
    otherServer = await startXmppServer("prosody", { domain: "talk.test" });
    const apiKey = await world.newDomain(OTHER_NAMES);
    const { url } = world.demo.service;
    await world.newGateway(OTHER, {
      server: otherServer,
      registry: { names: OTHER_NAMES, url, apiKey },
    });
    const dora = await openDevice(world, await newPerson(otherServer, "dora", [OTHER]), {
      resource: "phone",
    });
    await linked(dora);
    await byFirst.messenger().send(`dora.${OTHER_NAMES}`, "Hello Dora");
    await shows(dora, ["Hello Dora"]);
    await dora.messenger().send(BOB, "Hello Bob");
    await shows(byFirst, ["Hello Bob"]);
    expect(dora.shown).to.deep.equal([{ from: BOB, text: "Hello Dora" }]);
    expect(byFirst.shown.filter(({ text }) => text === "Hello Bob")).to.deep.equal([
      { from: `dora.${OTHER_NAMES}`, text: "Hello Bob" },
    ]);
    await dora.logOut();
  });

  it("of one database: one process is the component, and the other takes over when that is killed", async () => {
    await world.gateway.stop();
    const { port } = new URL(world.gateway.url);
    const start = async (at: string) => {
      const program = await gatewayAsProgram(world.gateway, folder, at);
      programs.push(program);
      return program;
    };
    const active = await start(port);
    await eventually(() => isConnected(port), "the first process as the component");
    const standbyPort = String(await freePort());
    await start(standbyPort);
    expect(await isConnected(standbyPort)).to.equal(false);
    active.process.kill("SIGKILL");
    await active.ended;
    const fromMs = Date.now();
    await eventually(() => isConnected(standbyPort), "the second process as the component");
    console.log(`      took over after ${((Date.now() - fromMs) / 1000).toFixed(1)} s`);
    const { id } = await byFirst.messenger().send(world.demo.people[0]!.name, "by the standby");
    expect(await byFirst.messenger().settled(id)).to.include({ state: "accepted" });
    await shows(alice, ["by the standby"]);
  });
});

async function isConnected(port: string): Promise<boolean> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return /^signpost_xmpp_connected\S* 1$/m.test(text);
}
