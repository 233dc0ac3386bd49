/** Attachments that are too long for an envelope, both ways: the sender's relay nodes keep them, sealed. */
import { expect } from "chai";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import type { Attachment } from "../../src/dm3/message/message.js";
import { expectRejection } from "../expectError.js";
import { type AtRelayNodes, openMessenger } from "./relayNodeUser.js";
import { eventually } from "./userClient.js";
import { dumpOf } from "./wholeDatabase.js";
import { type Device, linked, LONG_MS, newPerson, openDevice, type Shown } from "./wholeScene.js";

const FILE = Buffer.alloc(200_000, "The old lighthouse. ");

const messageWith = (file: Buffer) => ({
  ...{ type: "NEW" as const, text: "See this" },
  attachments: [
    { name: "lighthouse.txt", data: `data:text/plain;base64,${file.toString("base64")}` },
  ],
});

describe("an attachment by the gateway", function () {
  this.timeout(LONG_MS);
  let world: XmppWorld;
  let device: Device;
  let alice: AtRelayNodes;

  before(async () => {
    world = await startXmppWorld({
      ...{ kind: "prosody", databaseUrl: undefined, onStep: () => undefined },
      reportFailure: () => undefined,
    });
    const bob = await newPerson(world.server, "bob", [world.gateway.name]);
    device = await openDevice(world, bob, { resource: "phone" });
    await linked(device);
    alice = await openMessenger(world, world.demo.people[0]!);
  });
  after(async () => {
    await Promise.all([device.logOut(), alice.leave()]);
    await world.stop();
  });

  async function attachmentAt({
    shown,
  }: {
    readonly shown: readonly Shown[];
  }): Promise<Attachment> {
    const all = () => shown.flatMap(({ attachments = [] }) => attachments);
    await eventually(() => all().length > 0, "the message", LONG_MS);
    return all()[0]!;
  }

  it("of an XMPP user is kept by the gateway's relay node, and opened by the receiver", async () => {
    const { id } = await device.messenger().send(world.demo.people[0]!.name, messageWith(FILE));
    expect(await device.messenger().settled(id)).to.include({ state: "accepted" });
    const attachment = await attachmentAt(alice);
    expect(attachment.data).to.include(world.gateway.url).and.have.length.below(1_000);
    const opened = await alice.openAttachment(attachment);
    expect(opened).to.include({ name: "lighthouse.txt", mediaType: "text/plain" });
    expect(FILE.equals(opened.bytes)).to.equal(true);
    const kept = await dumpOf(world.gateway.databaseUrl);
    expect(kept).to.not.include(FILE.subarray(0, 20).toString("hex"));
  });

  it("of a DM3 user is opened by an app of the XMPP server", async () => {
    await alice.send("bob.chat.example.eth", messageWith(FILE));
    const attachment = await attachmentAt(device);
    const opened = await device.messenger().openAttachment(attachment);
    expect(FILE.equals(opened.bytes)).to.equal(true);
  });

  it("that no relay node takes is refused before anything is sent", async () => {
    const sending = device
      .messenger()
      .send(world.demo.people[0]!.name, messageWith(Buffer.alloc(11 * 1024 * 1024)));
    await expectRejection(sending, "ATTACHMENT_TOO_LARGE", /none of your relay nodes keeps it/);
    expect(await device.messenger().outgoing()).to.have.length(1);
  });
});
