/** Attachments between messengers: alice's relay node is ours, which keeps blobs; bob's second one is dm3's. */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { digestFrom } from "../../src/abi/digest.js";
import { encodeBase64 } from "../../src/dm3/base64.js";
import { blobReferenceText, parseBlobReference } from "../../src/dm3/blob/blobReference.js";
import type { Attachment } from "../../src/dm3/message/message.js";
import { nativeAttachment } from "../../src/dm3/message/nativeMessage.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import type { IncomingMessage } from "../../src/sdk/messagesNode.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { expectRejection } from "../expectError.js";
import { type TestMessenger, testMessenger } from "./messengerWorld.js";
import { type OwnRelayNode, startOwnRelayNode } from "./ownRelayNode.js";

const content = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (index * seed) % 251);
const inBase64 = (bytes: Uint8Array, mediaType = "image/png") =>
  `data:${mediaType};base64,${encodeBase64(bytes)}`;

function attachmentsOf({ content: said }: IncomingMessage): readonly Attachment[] {
  if (said.type !== "NEW" || said.attachments === undefined) throw new Error("no attachments");
  return said.attachments;
}

describe("messenger: attachments", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let relayNode: OwnRelayNode;
  let alice: TestMessenger;
  let bob: TestMessenger;
  let stranger: Server;
  /** What a host of the sender's choice answers with. */
  let served: Uint8Array = new Uint8Array();
  let asked = 0;
  /** Of alice. */
  let uploads = 0;

  before(async () => {
    world = await createNodeWorld();
    relayNode = await startOwnRelayNode(world);
    const fetcher = createGuardedFetcher({ allowLoopback: true });
    alice = await testMessenger(world, "alice", {
      fetcher: (request) => {
        if (request.url.endsWith("/blobs")) uploads++;
        return fetcher(request);
      },
    });
    bob = await testMessenger(world, "bob");
    await Promise.all([alice.within(500), bob.within(500)]);
    stranger = createServer((_request, response) => {
      asked++;
      response.end(served);
    }).listen(0, "127.0.0.1");
  });
  after(async () => {
    stranger.close();
    await alice.leave();
    await bob.leave();
    await relayNode.close();
    await world.close();
    expect(relayNode.failures).to.deep.equal([]);
  });

  const strangerUrl = () => `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/x`;

  /** Alice's message as bob has it, acknowledged. */
  async function sent(attachments: readonly Attachment[], id?: string): Promise<IncomingMessage> {
    const said = { type: "NEW", text: "see this", attachments } as const;
    const report = await alice.send("bob.eth", said, id === undefined ? {} : { id });
    expect(await alice.settled(report.id)).to.include({ state: "accepted" });
    const message = await bob.next();
    await bob.acknowledge(message);
    await alice.acknowledge(await alice.next());
    return message;
  }

  it("keeps long ones at the sender's relay node, and brings them to the receiver who opens them", async () => {
    const [large, larger] = [content(300_000, 7), content(2_000_000, 11)];
    const small = { name: "small.txt", data: "data:text/plain;charset=utf-8,gr%C3%BC%C3%9Fe" };
    const link = { name: "page", data: "https://example.com/page" };
    const message = await sent([
      { name: "large.png", data: inBase64(large) },
      small,
      { data: inBase64(larger, "application/pdf") },
      link,
    ]);
    const attachments = attachmentsOf(message);
    const [first, second, third, fourth] = attachments;
    expect([second, fourth]).to.deep.equal([small, link]);
    expect(first!.data).to.match(new RegExp(`^${relayNode.url}/blobs/[0-9a-f]{64}#blob=1&key=`));
    expect(await bob.openAttachment(first!)).to.deep.equal({
      ...{ name: "large.png", mediaType: "image/png", bytes: large },
    });
    expect(await bob.openAttachment(third!)).to.deep.equal({
      ...{ name: null, mediaType: "application/pdf", bytes: larger },
    });
    const opened = await bob.openAttachment(small);
    expect(opened.mediaType).to.equal("text/plain;charset=utf-8");
    expect(new TextDecoder().decode(opened.bytes)).to.equal("grüße");
    await expectRejection(bob.openAttachment(link), "INVALID_REQUEST", /is a link/);
    // what the relay node has is no plaintext
    const kept = await (await fetch(first!.data)).arrayBuffer();
    expect(Buffer.from(kept).includes(Buffer.from(large.subarray(0, 64)))).to.equal(false);
  });

  it("uploads the longest alone, as long as the rest fits, and nothing where all do", async () => {
    const [a, b, c] = [content(20_000, 3), content(25_000, 5), content(1_000, 9)];
    const data = [a, b, c].map((bytes) => ({ data: inBase64(bytes) }));
    const attachments = attachmentsOf(await sent(data));
    expect(attachments.map((one) => one.data.startsWith("data:"))).to.deep.equal([
      ...[true, false, true],
    ]);
    const before = uploads;
    const few = data.slice(2);
    expect(attachmentsOf(await sent(few))).to.deep.equal(few);
    expect(uploads).to.equal(before);
  });

  it("keeps a long message of another network in pieces, and a short one in its envelope", async () => {
    const before = uploads;
    const short = nativeAttachment(content(30_000, 5));
    const inside = await sent([short]);
    expect(attachmentsOf(inside)).to.deep.equal([short]);
    expect(await bob.openNative(inside.content)).to.deep.equal(content(30_000, 5));
    expect(uploads).to.equal(before);
    const bytes = content(1_500_000, 5);
    const kept = await sent([nativeAttachment(bytes)]);
    expect(attachmentsOf(kept).map(({ data }) => /type=(.*)$/.exec(data)?.[1])).to.deep.equal([
      ...["message%2Frfc822%3Bpart%3D1%3Bparts%3D2", "message%2Frfc822%3Bpart%3D2%3Bparts%3D2"],
    ]);
    expect(Buffer.from((await bob.openNative(kept.content))!).equals(bytes)).to.equal(true);
    expect(await bob.openNative({ type: "NEW", text: "no mail" })).to.equal(null);
  });

  it("uploads nothing for what is no message, and nothing again for an id that it knows", async () => {
    const before = uploads;
    const data = inBase64(content(60_000, 13));
    const said = { type: "NEW", text: "x", attachments: [{ data }] } as const;
    await expectRejection(alice.send("no name", said), "INVALID_NAME", /./);
    const malformed = { ...said, attachments: [{ data: `data:${"x".repeat(60_000)}` }] };
    await expectRejection(alice.send("bob.eth", malformed), "INVALID_REQUEST", /data URI/);
    expect(uploads).to.equal(before);
    const message = await sent([{ data }], "one");
    expect(uploads).to.equal(before + 1);
    const again = await alice.send("bob.eth", said, { id: "one" });
    expect(again).to.include({ id: "one", state: "delivered" });
    expect(uploads).to.equal(before + 1);
    expect(attachmentsOf(message)).to.have.length(1);
  });

  it("refuses what a host of the sender's choice serves in its place, and asks nobody inside", async () => {
    const [attachment] = attachmentsOf(await sent([{ data: inBase64(content(60_000, 17)) }]));
    const reference = parseBlobReference(attachment!.data);
    const sealed = new Uint8Array(await (await fetch(attachment!.data)).arrayBuffer());
    const open = (changes: Partial<typeof reference>) =>
      bob.openAttachment({ data: blobReferenceText({ ...reference, ...changes }) });
    const refuses = async (field: string, changes: Partial<typeof reference>) => {
      const { details } = await expectRejection(open(changes), "WRONG_BLOB", /send it again/);
      expect(details).to.deep.equal({ field });
    };
    const url = strangerUrl();
    served = sealed;
    expect((await open({ url })).bytes).to.deep.equal(content(60_000, 17));
    served = new Uint8Array([...sealed, 0]);
    await refuses("size", { url });
    served = sealed.subarray(1);
    await refuses("size", { url });
    served = Uint8Array.from(sealed, (byte, index) => (index === 5 ? byte ^ 1 : byte));
    await refuses("sha256", { url });
    const ofServed = digestFrom(new Uint8Array(createHash("sha256").update(served).digest()));
    await refuses("key", { url, sha256: ofServed });
    await refuses("size", { size: reference.size - 1 });
    await refuses("size", { size: reference.size + 1 });
    await refuses("key", { key: new Uint8Array(32) });
    const before = asked;
    for (const host of ["10.0.0.1", "169.254.169.254", "[fd00::1]", "0x0a000001"]) {
      const inside = open({ url: `https://${host}/latest` });
      await expectRejection(inside, "FORBIDDEN_ADDRESS", /not a public address/);
    }
    // as it is without allowLoopback
    const careful = await testMessenger(world, "bob", { allowLoopback: false });
    const data = blobReferenceText({ ...reference, url });
    await expectRejection(careful.openAttachment({ data }), "FORBIDDEN_ADDRESS", /127\.0\.0\.1/);
    await careful.leave();
    expect(asked).to.equal(before);
    const gone = open({ url: `${relayNode.url}/blobs/${"0".repeat(64)}` });
    await expectRejection(gone, "NOT_FOUND", /not there any more/);
    const other = attachment!.data.replace("#blob=1", "#blob=2");
    await expectRejection(
      bob.openAttachment({ data: other }),
      "BLOB_REFERENCE_MALFORMED",
      /format/,
    );
  });

  it("says what is too large, sends nothing then, and what cannot be found out now", async () => {
    const outgoing = await alice.outgoing();
    const tooLarge = { data: inBase64(content(11 * 1024 * 1024, 19)) };
    const sending = (attachment: Attachment) =>
      alice.send("bob.eth", { type: "NEW", text: "x", attachments: [attachment] });
    await expectRejection(sending(tooLarge), "ATTACHMENT_TOO_LARGE", /is too large/);
    await relayNode.stop();
    const attachment = { data: inBase64(content(100_000, 23)) };
    await expectRejection(sending(attachment), "UNREACHABLE", /./);
    // bob's second relay node is dm3's, which keeps none: but the first may, when it is back
    const byBob = (to: string) =>
      bob.send(to, { type: "NEW", text: "x", attachments: [attachment] });
    await expectRejection(byBob("alice.eth"), "UNREACHABLE", /./);
    await world.setUrl(0, world.nodes[0].url);
    expect(await alice.outgoing()).to.deep.equal(outgoing);
    // now both are dm3's
    const fresh = await testMessenger(world, "bob");
    const error = await expectRejection(
      fresh.send("alice.eth", { type: "NEW", text: "x", attachments: [attachment] }),
      "ATTACHMENT_TOO_LARGE",
      /none of your relay nodes keeps it/,
    );
    expect(error.details).to.deep.equal({ bytes: 100_000 });
    await fresh.leave();
  });
});
