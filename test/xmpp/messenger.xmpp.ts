/** The SDK's messenger on the stock library, with the gateway's adapter, on real servers: two devices of one account. */
import { client, xml } from "@xmpp/client";
import { expect } from "chai";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import { parseProxyEnvelope } from "../../src/dm3/message/proxyEnvelope.js";
import { parseAddressLink } from "../../src/dm3/statement/addressLink.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { decodeMessage, encodeMessage } from "../../src/sdk/messagesNode.js";
import { resolveProfile } from "../../src/sdk/node.js";
import {
  createXmppMessenger,
  type KeyValue,
  memoryKeyValue,
  xmppClientConnection,
  type XmppMessenger,
} from "../../src/sdk/xmppNode.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { contactOf, keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { onBothServers } from "./bothServers.js";
import { ALICE, openGateway, type Scene, sha256Of } from "./gatewayScene.js";
import { eventually, PASSWORD } from "./userClient.js";

const HASTY = {
  ...{ unreachableFirstMs: 100, unreachableMostMs: 500, laterFirstMs: 100, laterMostMs: 500 },
};

/** Devices, servers and the chain share one busy machine. */
const LONG_MS = 540_000;

interface Device extends XmppMessenger {
  /** The texts that it showed, each as often as it did. */
  readonly shown: string[];
  readonly problems: string[];
  leave(): Promise<void>;
}

onBothServers("the SDK's messenger", (server) => {
  let world: NodeWorld;
  let gateway: Scene;
  let bare: string;
  let texts = 0;

  before(async () => {
    world = await createNodeWorld();
    bare = `bob@${server().domain}`;
    await registerAccount(server(), "bob", PASSWORD);
    gateway = await openedGateway();
  });
  after(async () => {
    await gateway.network.stop();
    await world.close();
  });

  async function openedGateway(): Promise<Scene> {
    const scene = openGateway(server());
    scene.core.greeting = () =>
      Promise.resolve({ relayNode: "ds.example.eth", name: "bob.eth", sizeLimit: 100_000 });
    await scene.connected();
    return scene;
  }

  async function device(resource: string, store: KeyValue = memoryKeyValue()): Promise<Device> {
    const xmpp = clientOf(server(), resource);
    const shown: string[] = [];
    const problems: string[] = [];
    const { profile, address: wallet } = people.bob;
    const messenger = createXmppMessenger({
      ...{ ...world.options, connection: xmppClientConnection(xmpp, xml), address: bare },
      ...{ gateway: server().componentDomain, keys: await keysOf(ENGINES.node, "bob"), store },
      ...{ profile: { profile, signature: `0x${"11".repeat(65)}` }, wallet },
      ...{ receipts: false, patience: HASTY, answerMs: 5_000 },
      onProblem: ({ error }) => problems.push(`${error.code} ${error.message}`),
    });
    void (async () => {
      for await (const message of messenger.messages()) {
        if (message.content.type === "NEW") shown.push(message.content.text);
        await messenger.acknowledge(message);
      }
    })();
    await xmpp.start();
    await eventually(() => gateway.happened.links.length > 0, "a link");
    return {
      ...{ ...messenger, shown, problems },
      async leave() {
        await messenger.stop();
        await xmpp.stop().catch(() => undefined);
      },
    };
  }

  /** Waits for them; where they do not come, what the device has to say is in the error. */
  async function shows({ shown, problems }: Device, texts: readonly string[]): Promise<void> {
    await eventually(
      () => texts.every((text) => shown.includes(text)),
      texts.join(),
      LONG_MS,
    ).catch((cause: unknown) => {
      throw new Error(`Shown: ${shown.join()}. Problems: ${problems.join("; ")}`, { cause });
    });
  }

  /** Of Alice, as the gateway injects it. */
  async function deliveryOf(text: string) {
    const receiver = await resolveProfile("bob.eth", world.options);
    if (receiver.status !== "found") throw new Error(receiver.sentence);
    const { envelopes } = await encodeMessage(
      { type: "NEW", text, from: "alice.eth", to: "bob.eth", timestampMs: Date.now() },
      { keys: await keysOf(ENGINES.node, "alice"), receiver },
    );
    const envelope = JSON.stringify(envelopes[0]!.envelope);
    const number = ++texts;
    const to = parseNativeAddress(bare, "xmpp");
    return { to, from: ALICE, envelope, hash: sha256Of(envelope), number };
  }

  it("links the account, and submits what the gateway accepts", async () => {
    const phone = await device("phone");
    const link = parseAddressLink(gateway.happened.links[0]);
    expect(link).to.include({ name: "bob.eth", wallet: people.bob.address });
    const { id } = await phone.send("alice.eth", "Hello Alice");
    expect(await phone.settled(id)).to.include({ state: "accepted" });
    const [submission] = gateway.happened.submitted;
    expect(submission).to.include({ to: "alice.eth", hash: sha256Of(submission!.envelope) });
    const { envelopes } = parseProxyEnvelope(submission!.envelope);
    const read = await decodeMessage(envelopes[0]!.envelope, {
      ...{ keys: await keysOf(ENGINES.node, "alice"), ownNames: ["alice.eth"], contactOf },
    });
    expect(read.content).to.deep.equal({ type: "NEW", text: "Hello Alice" });
    expect(phone.problems).to.deep.equal([]);
    await phone.leave();
  });

  it("shows each envelope once on each of two devices, however often and by whichever way it comes", async () => {
    const [phone, laptop] = [await device("phone"), await device("laptop")];
    const deliveries = await Promise.all(["one", "two", "three"].map(deliveryOf));
    await gateway.network.inject(deliveries);
    await gateway.network.inject(deliveries);
    for (const one of [phone, laptop]) await shows(one, ["one", "two", "three"]);
    await gateway.network.inject([...deliveries, await deliveryOf("last")]);
    for (const one of [phone, laptop]) {
      await shows(one, ["last"]);
      expect(one.shown).to.have.members(["one", "two", "three", "last"]);
      expect(one.problems).to.deep.equal([]);
    }
    for (const { number, hash } of deliveries) {
      expect(gateway.happened.delivered).to.include(`${bare} ${number}-${hash}`);
    }
    await Promise.all([phone.leave(), laptop.leave()]);
  }).timeout(2 * LONG_MS);

  it("shows once what came while no device was there, also after a restart with its store", async () => {
    const store = memoryKeyValue();
    await (await device("phone", store)).leave();
    await gateway.network.inject(await Promise.all(["away 1", "away 2"].map(deliveryOf)));
    const phone = await device("phone", store);
    // the archive has those of the test before as well, which this store does not know
    const all = ["one", "two", "three", "last", "away 1", "away 2"];
    await shows(phone, all);
    expect(phone.shown).to.have.members(all);
    await phone.leave();
    const again = await device("phone", store);
    await gateway.network.inject([await deliveryOf("fresh")]);
    await shows(again, ["fresh"]);
    expect(again.shown).to.deep.equal(["fresh"]);
    await again.leave();
  }).timeout(2 * LONG_MS);

  it("keeps what it cannot submit while the gateway is away, and submits the same bytes when it is back", async () => {
    const phone = await device("phone");
    await eventually(async () => {
      const { id } = await phone.send("alice.eth", "before");
      return (await phone.settled(id)).state === "accepted";
    }, "an acceptance");
    await gateway.network.stop();
    const { id } = await phone.send("alice.eth", "while it is away");
    await eventually(
      async () => (await phone.outgoing()).some((one) => one.id === id && one.why !== null),
      "an attempt",
    );
    expect((await phone.outgoing()).find((one) => one.id === id)).to.include({ state: null });
    gateway = await openedGateway();
    expect(await phone.settled(id)).to.include({ state: "accepted" });
    expect(new Set(gateway.happened.submitted.map(({ hash }) => hash)).size).to.equal(1);
    await phone.leave();
  });
});

function clientOf(server: XmppServer, resource: string) {
  const xmpp = client({
    service: `xmpp://${server.host}:${server.clientPort}`,
    ...{ domain: server.domain, resource, username: "bob", password: PASSWORD },
  });
  xmpp.reconnect.stop();
  xmpp.on("error", () => undefined);
  return xmpp;
}
