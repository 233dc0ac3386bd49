/** A messenger with a storage made of the steps of dm3's own, and what dm3's web client sees of it. */
import { createMessage } from "@dm3-org/dm3-lib-messaging";
import { sha256, stringify } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import { createStorage } from "../../src/sdk/storageNode.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { expectError, expectRejection } from "../expectError.js";
import { testMessenger } from "../messenger/messengerWorld.js";
import { eventually } from "./eventually.js";
import { stockContainer, stockStorage } from "./stockStorage.js";
import {
  ADDRESS_DOMAIN,
  addressNameOf,
  createStorageWorld,
  type Device,
  device,
  type DeviceArguments,
  publishAddressName,
  textsIn,
} from "./storageWorld.js";

const { alice, bob, mallory } = people;
const BOB = addressNameOf("bob");
const stock = stockStorage(alice.keys, addressNameOf("alice"));

describe("a messenger with a storage", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  const devices: Device[] = [];
  const storageOf = ({ nodes }: NodeWorld) => nodes[0].storage;

  async function deviceOf(...of: DeviceArguments): Promise<Device> {
    const made = await device(world, ...of);
    devices.push(made);
    return made;
  }

  beforeEach(async () => {
    world = await createStorageWorld();
  });
  afterEach(async () => {
    for (const one of devices.splice(0)) await one.leave();
    await world.close();
  });

  it("keeps what is sent and what arrives, for the user's other devices", async () => {
    const [phone, desk, other] = [
      await deviceOf("alice"),
      await deviceOf("alice"),
      await deviceOf("bob"),
    ];
    const { id } = await phone.send("bob.eth", "Hello Bob");
    expect((await phone.settled(id)).state).to.equal("accepted");
    const heard = await other.next();
    await other.acknowledge(heard);
    const reply = { type: "REPLY", text: "Hello Alice", reference: heard.messageHash } as const;
    await other.send("alice.eth", reply);
    const got = await phone.next();
    await phone.acknowledge(got.content.type === "REPLY" ? got : await phone.next());
    await phone.storage.settled();

    const [conversation, ...none] = await desk.conversations();
    expect(none).to.deep.equal([]);
    expect(conversation).to.include({ contact: BOB, name: "bob.eth" });
    const history = await desk.history("bob.eth");
    expect(textsIn(history)).to.deep.equal(["Hello Alice", "Hello Bob"]);
    const [newest, oldest] = history;
    expect(newest).to.include({ from: "bob.eth", isOwn: false, isRead: false, isHalted: false });
    expect(oldest).to.include({ from: "alice.eth", isOwn: true, isHalted: false });
    expect(oldest?.messageHash).to.equal(heard.messageHash);
    expect(history.map(({ signature }) => signature)).to.deep.equal(["passed", "passed"]);
    expect(await desk.history(BOB)).to.deep.equal(history);
    expect(textsIn(conversation?.preview ? [conversation.preview] : [])).to.deep.equal([
      "Hello Alice",
    ]);
    // the other side has its own
    await other.storage.settled();
    expect(textsIn(await other.history("alice.eth"))).to.include("Hello Bob");
  });

  it("is read by dm3's web client, and reads what that wrote", async () => {
    const phone = await deviceOf("alice");
    const { id } = await phone.send("bob.eth", "from ours");
    await phone.settled(id);
    await phone.storage.settled();

    const { messages, conversations } = storageOf(world);
    expect(conversations.map(({ account, contact }) => [account, contact])).to.deep.equal([
      [addressNameOf("alice"), await stock.sealName(BOB)],
    ]);
    const [kept] = messages.values();
    expect(await stock.openName(conversations[0]!.location)).to.equal('["bob.eth"]');
    const container = await stock.openContainer(kept!.container);
    const { message, metadata } = container["envelop"] as {
      message: { message: string };
      metadata: { messageHash: string };
    };
    expect(message.message).to.equal("from ours");
    expect(metadata.messageHash).to.equal(sha256(stringify(message)));
    expect(kept!.id).to.equal(sha256(addressNameOf("alice") + metadata.messageHash));

    const { privateKey } = alice.keys.signingKeyPair;
    const written = await createMessage("bob.eth", "alice.eth", "from theirs", privateKey);
    const { conversation, contact } = kept!;
    messages.set("theirs", {
      ...{ id: "theirs", account: addressNameOf("alice"), conversation, contact, isHalted: false },
      ...{ createdAt: new Date(), container: await stock.sealContainer(stockContainer(written)) },
    });
    expect(textsIn(await phone.history("bob.eth"))).to.deep.equal(["from theirs", "from ours"]);
  });

  it("notes what was seen, for all devices and for dm3's web client", async () => {
    const [phone, desk, other] = [
      await deviceOf("alice"),
      await deviceOf("alice"),
      await deviceOf("bob"),
    ];
    for (const text of ["one", "two"]) await other.send("alice.eth", text);
    const [one, two] = [await phone.next(), await phone.next()];
    await phone.acknowledge(one);
    await phone.acknowledge(two);
    await phone.markRead(one);
    await phone.storage.settled();
    const seen = async () => (await desk.history("bob.eth")).map(({ isRead }) => isRead).reverse();
    expect(await seen()).to.deep.equal([true, false]);

    const history = await desk.history("bob.eth");
    await desk.storage.markRead(history);
    // before the storage has it as well
    expect(await seen()).to.deep.equal([true, true]);
    await desk.storage.settled();
    expect(await seen()).to.deep.equal([true, true]);
    const states = await Promise.all(
      [...storageOf(world).messages.values()]
        .filter(({ account }) => account === addressNameOf("alice"))
        .map(async ({ container }) => (await stock.openContainer(container))["messageState"]),
    );
    expect(states).to.deep.equal([3, 3]);
    const copies = history.map((message) => ({ ...message }));
    await expectRejection(desk.storage.markRead(copies), "INVALID_REQUEST", /no copies/);
  });

  it("hides conversations and shows them again, for all devices", async () => {
    const [phone, desk] = [await deviceOf("alice"), await deviceOf("alice")];
    await phone.storage.addConversation("bob.eth");
    await phone.storage.settled();
    const names = async () => (await desk.conversations()).map(({ name }) => name);
    expect(await names()).to.deep.equal(["bob.eth"]);
    await desk.storage.setHidden("bob.eth", true);
    expect(await names()).to.deep.equal([]);
    await desk.storage.settled();
    expect(await names()).to.deep.equal([]);
    expect(await phone.conversations()).to.deep.equal([]);
    await phone.storage.setHidden(BOB, false);
    await phone.storage.settled();
    expect(await names()).to.have.length(1);
  });

  describe("to somebody without a profile", () => {
    beforeEach(async () => {
      const { ens } = world;
      await ens.setText("bob.eth", "network.dm3.profile", "");
    });

    it("leaves what is halted to whichever device can send it", async () => {
      const phone = await deviceOf("alice");
      const { id } = await phone.send("bob.eth", "Are you there?");
      expect((await phone.settled(id)).mark).to.equal("held");
      await eventually(async () => {
        expect((await phone.history("bob.eth")).map((one) => one.isHalted)).to.deep.equal([true]);
      });
      await phone.storage.settled();
      await phone.leave();

      const desk = await deviceOf("alice");
      expect((await desk.within(300)).length).to.equal(0);
      await world.publish("bob");
      const other = await deviceOf("bob");
      const heard = await other.next();
      expect(heard.content).to.deep.equal({ type: "NEW", text: "Are you there?" });
      await eventually(async () => {
        await desk.storage.settled();
        expect((await desk.history("bob.eth")).map((one) => one.isHalted)).to.deep.equal([false]);
      });
      expect([...storageOf(world).messages.values()].filter((one) => one.isHalted)).to.deep.equal(
        [],
      );
    });

    it("sends what is halted behind the first page as well", async () => {
      const phone = await deviceOf("alice");
      const texts = ["one", "two", "three"];
      for (const text of texts) {
        const { id } = await phone.send("bob.eth", text);
        expect((await phone.settled(id)).mark).to.equal("held");
      }
      const halted = () => [...storageOf(world).messages.values()].filter((one) => one.isHalted);
      await eventually(() => {
        expect(halted()).to.have.length(3);
      });
      await phone.storage.settled();
      await phone.leave();
      let reads = 0;
      // a row on each page
      world.nodes[0].bend = ({ path, query }, response) => {
        if (!path.endsWith("/getHaltedMessages")) return false;
        reads++;
        const all = halted();
        const at = Number(query["after"]);
        const rows = all.slice(at, at + 1).map(({ id: messageId, container, isHalted }) => ({
          ...{ messageId, encryptedEnvelopContainer: container, createdAt: 0, isHalted },
        }));
        if (rows.length > 0) response.setHeader("signpost-cursor", String(at + 1));
        response.json(rows);
        return true;
      };
      await world.publish("bob");
      const desk = await deviceOf("alice");
      void desk.within(5_000);
      await eventually(async () => {
        expect(await desk.outgoing()).to.have.length(3);
      });
      await eventually(async () => {
        await desk.storage.settled();
        expect(halted()).to.deep.equal([]);
      });
      // once, whatever is cleared after that
      expect(reads).to.equal(4);
    });

    it("sends nothing that the user did not sign, whoever put it there", async () => {
      const phone = await deviceOf("alice");
      await phone.storage.addConversation("bob.eth");
      await phone.storage.settled();
      const { conversations, messages } = storageOf(world);
      const conversation = conversations[0]!;
      const put = async (text: string, by: Pick<typeof alice, "keys">) => {
        const { privateKey } = by.keys.signingKeyPair;
        const written = await createMessage("bob.eth", "alice.eth", text, privateKey);
        messages.set(text, {
          ...{ id: text, account: conversation.account, conversation, isHalted: true },
          ...{ contact: conversation.contact, createdAt: new Date(messages.size) },
          container: await stock.sealContainer(stockContainer(written)),
        });
        return sha256(stringify(written));
      };
      const hash = await put("her own, from another device", alice);
      await put("I owe you 1000", mallory);
      await world.publish("bob");
      const desk = await deviceOf("alice");
      void desk.within(5_000);
      await eventually(async () => {
        const sent = (await desk.outgoing()).map(({ messageHash }) => messageHash);
        expect(sent).to.deep.equal([hash]);
      });
      await desk.storage.settled();
      expect(await desk.outgoing()).to.have.length(1);
      const history = await desk.history("bob.eth");
      expect(history.map((one) => [textsIn([one])[0], one.signature])).to.deep.equal([
        ["I owe you 1000", "failed"],
        ["her own, from another device", "passed"],
      ]);
    });

    it("clears what is taken back, so that no other device sends it", async () => {
      const phone = await deviceOf("alice");
      const { id } = await phone.send("bob.eth", "a mistake");
      expect((await phone.settled(id)).mark).to.equal("held");
      await eventually(() => {
        expect([...storageOf(world).messages.values()].map((one) => one.isHalted)).to.deep.equal([
          true,
        ]);
      });
      expect(await phone.withdraw(id)).to.equal(true);
      await phone.storage.settled();
      const [kept] = storageOf(world).messages.values();
      expect(kept!.isHalted).to.equal(false);
      expect((await stock.openContainer(kept!.container))["messageState"]).to.equal(4);
      const desk = await deviceOf("alice");
      expect(await desk.within(300)).to.deep.equal([]);
      expect(await desk.outgoing()).to.deep.equal([]);
    });
  });

  it("tells which messages their senders did not sign, and which belong to another conversation", async () => {
    const phone = await deviceOf("alice");
    await publishAddressName(world, "mallory");
    await phone.storage.addConversation("bob.eth");
    await phone.storage.settled();
    const { conversations, messages } = storageOf(world);
    const conversation = conversations[0]!;
    const { contact, account } = conversation;
    const put = async (id: string, from: string, key: string, to = "alice.eth") => {
      const message = await createMessage(to, from, id, key);
      const container = await stock.sealContainer(stockContainer(message));
      messages.set(id, {
        ...{ id, account, conversation, contact, container, isHalted: false },
        createdAt: new Date(Date.now() + messages.size),
      });
    };
    const [ours, theirs] = [
      bob.keys.signingKeyPair.privateKey,
      mallory.keys.signingKeyPair.privateKey,
    ];
    await put("bob's own", "bob.eth", ours);
    await put("in Bob's name", "bob.eth", theirs);
    await put("in Alice's name", "alice.eth", theirs, "bob.eth");
    await put("from another conversation", addressNameOf("mallory"), theirs);
    await put("from nobody", "nobody.eth", ours);
    messages.set("garbage", { ...messages.get("bob's own")!, id: "garbage", container: "AAAA" });
    const signatures = Object.fromEntries(
      (await phone.history("bob.eth")).map(
        (one) => [textsIn([one])[0] ?? "", one.signature] as const,
      ),
    );
    expect(signatures).to.deep.equal({
      "bob's own": "passed",
      "in Bob's name": "failed",
      "in Alice's name": "failed",
      "from another conversation": "failed",
      "from nobody": "failed",
    });
    expect(phone.problems.map(({ error }) => error.code)).to.deep.equal(["MESSAGE_MALFORMED"]);
  });

  it("loses nothing while the storage is away, and leaves it at the relay nodes meanwhile", async () => {
    const [phone, other] = [await deviceOf("alice"), await deviceOf("bob")];
    const [node] = world.nodes;
    node.bend = ({ path }, response) => {
      if (!path.startsWith("/storage")) return false;
      response.status(503).end();
      return true;
    };
    await other.send("alice.eth", "while it is away");
    await phone.acknowledge(await phone.next());
    const { id } = await phone.send("bob.eth", "so is this");
    expect((await phone.settled(id)).state).to.equal("accepted");
    // looked into several times meanwhile
    expect(await phone.within(400)).to.deep.equal([]);
    const kept = () => world.nodes.flatMap((one) => one.kept(alice.address));
    expect(kept()).to.have.length(1);
    const codes = phone.problems.map(({ error, relayNode }) => [error.code, relayNode]);
    expect(codes).to.deep.include(["UNREACHABLE", node.url]);

    // what waits is shown
    const store = phone.store;
    await phone.leave();
    node.bend = () => false;
    const again = await deviceOf("alice", node.url, { store });
    expect(await again.within(400)).to.deep.equal([]);
    await again.storage.settled();
    expect(textsIn(await again.history("bob.eth"))).to.have.members([
      "while it is away",
      "so is this",
    ]);
    await eventually(() => {
      expect(kept()).to.deep.equal([]);
    });
  });

  it("shows what waits for the storage before what the storage has", async () => {
    const phone = await deviceOf("alice");
    const { id: first } = await phone.send("bob.eth", "one");
    await phone.settled(first);
    await phone.storage.settled();
    const [node] = world.nodes;
    node.bend = ({ path, method }, response) => {
      if (!path.startsWith("/storage") || method === "GET") return false;
      response.status(503).end();
      return true;
    };
    const { id } = await phone.send("bob.eth", "two");
    await phone.settled(id);
    await eventually(async () => {
      expect(textsIn(await phone.history("bob.eth"))).to.deep.equal(["two", "one"]);
    });
  });

  it("goes on where one contact cannot be looked up now", async () => {
    const phone = await deviceOf("alice");
    await phone.storage.addConversation("slow.test");
    await phone.storage.addConversation("bob.eth");
    await phone.storage.settled();
    expect((await phone.conversations()).map(({ contact }) => contact)).to.have.members([
      ...[BOB, "slow.test"],
    ]);
  });

  it("does not take a copy of a message, which lacks what is to be kept", async () => {
    const [phone, other] = [await deviceOf("alice"), await deviceOf("bob")];
    await other.send("alice.eth", "an object");
    const message = await phone.next();
    await expectRejection(phone.acknowledge({ ...message }), "INVALID_REQUEST", /no copy/);
    await phone.acknowledge(message);
  });

  it("belongs to one messenger, with the same keys", async () => {
    const options = { url: world.nodes[0].url, addressDomain: ADDRESS_DOMAIN };
    const storage = createStorage({ ...options, keys: new Uint8Array(32).fill(7) });
    await expectRejection(storage.account(), "INVALID_REQUEST", /createMessenger first/);
    const messenger = await testMessenger(world, "alice", { storage });
    await expectRejection(storage.account(), "INVALID_REQUEST", /other keys/);
    await expectRejection(
      testMessenger(world, "alice", { storage }),
      "INVALID_REQUEST",
      /one for each/,
    );
    await messenger.leave();
  });

  it("refuses options that cannot be meant", () => {
    const given = { url: "https://a.example", keys: new Uint8Array(32), addressDomain: "a.eth" };
    for (const bent of [{ url: "" }, { url: "a" }, { addressDomain: "" }, { keys: undefined }]) {
      expectError(
        () => createStorage({ ...given, ...bent } as never),
        "INVALID_REQUEST",
        /url, keys and addressDomain/,
      );
    }
    const double = () => createStorage({ ...given, addressDomain: "a..eth" });
    expectError(double, "INVALID_NAME", /a\.\.eth/);
    expect(createStorage({ ...given, addressDomain: ".a.eth" })).to.be.an("object");
  });

  it("asks no storage without one, and a storage nothing before it is used", async () => {
    const plain = await testMessenger(world, "alice");
    await plain.within(200);
    await plain.leave();
    const phone = await deviceOf("alice");
    const asked = world.nodes[0].requests.filter((line) => line.includes("/storage"));
    expect(asked).to.deep.equal([]);
    await phone.within(50);
    await eventually(() => {
      const now = world.nodes[0].requests.filter((line) => line.includes("/storage"));
      expect(now.map((line) => line.split("/").at(-1))).to.deep.equal(["getHaltedMessages"]);
    });
    expect(phone.problems).to.deep.equal([]);
  });
});
