/** Messages that are too long for an envelope: in pieces, from the network and into it. */
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { sha256 } from "../../../src/abi/sha256.js";
import { blobReferenceText } from "../../../src/dm3/blob/blobReference.js";
import { openBlob, sealBlob } from "../../../src/dm3/blob/sealedBlob.js";
import type { Attachment } from "../../../src/dm3/message/message.js";
import {
  keptNativeAttachments,
  NATIVE_PIECE,
  nativeMessageOf,
  nativePiecesOf,
} from "../../../src/dm3/message/nativeMessage.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { LONGEST_MESSAGE } from "./bridgeGround.js";
import { ALICE, type BridgeWorld, MAILER, openBridgeWorld } from "./bridgeWorld.js";

const ALICES_NODE = relayNode.profile.url;
const LONG = Uint8Array.from({ length: 2 * NATIVE_PIECE + 500_000 }, (_, index) => index % 251);

describe("messaging: long messages of a bridge", () => {
  let world: BridgeWorld;
  beforeEach(async () => {
    world = await openBridgeWorld();
  });
  afterEach(() => world.close());

  const kept = async () => {
    const text = `select count(*)::integer as blobs, sum(length(content))::integer as bytes from ${world.relay.database.tables.blob}`;
    const { rows } = await world.pool.query<{ blobs: number; bytes: number | null }>(text);
    return rows[0]!;
  };

  describe("from the network", () => {
    const mail = (change: object = {}) => ({
      ...{ from: MAILER, to: ALICE, bytes: LONG, digest: "ab".repeat(32) },
      ...change,
    });

    it("are kept in sealed pieces, and the DM3 message refers to them", async () => {
      await world.events().received(mail());
      const [message] = await world.onTheWay();
      const { content } = message!;
      const native = nativeMessageOf("attachments" in content ? content.attachments : []);
      if (native?.is !== "kept") throw new Error("It is not kept.");
      const { pieces, size } = native;
      expect({ count: pieces.length, size }).to.deep.equal({ count: 3, size: LONG.length });
      const opened = [];
      for (const { url, ...seal } of pieces) {
        expect(url).to.equal(`${ALICES_NODE}/blobs/${toHex(seal.sha256).slice(2)}`);
        const sealed = await world.relay.database.blobs.contentOf(seal.sha256, 0);
        expect(Buffer.from(sealed!).includes(Buffer.from(LONG.subarray(0, 251)))).to.equal(false);
        opened.push(await openBlob(nodeEngine, seal, sealed!));
      }
      expect(Buffer.concat(opened).equals(LONG)).to.equal(true);
      const [outgoing] = await world.outbox.list();
      expect(JSON.stringify(outgoing!.sealed).length).to.be.below(20_000);
    });

    it("become the same DM3 message again after a crash, and are kept once for all receivers", async () => {
      await world.events().received(mail());
      const before = await kept();
      await world.pool.query(`update ${world.ownTables.received} set is_kept = false`);
      await world.events().received(mail());
      const [one, again] = await world.onTheWay();
      expect(one!.messageHash).to.equal(again!.messageHash);
      await world.events().received(mail({ digest: "cd".repeat(32) }));
      expect(await kept()).to.deep.equal(before);
    });
  });

  describe("into the network", () => {
    /** As alice's app does it: at her relay node, unless told otherwise. */
    async function attachmentsOf(bytes: Uint8Array, host = ALICES_NODE) {
      const pieces = [];
      for (const piece of nativePiecesOf(bytes)) {
        const { sealed, ...seal } = await sealBlob(nodeEngine, piece);
        const url = `${host}/blobs/${toHex(seal.sha256).slice(2)}`;
        world.files.at.set(url, sealed);
        pieces.push({ ...seal, url });
      }
      return keptNativeAttachments(pieces);
    }
    const write = async (attachments: readonly Attachment[]) =>
      world.aliceWrites({ type: "NEW", text: "", attachments }, await world.user());

    it("are fetched from the sender's relay node, and handed over byte for byte", async () => {
      await write(await attachmentsOf(LONG));
      const [sent] = world.network.sent;
      expect(sent).to.deep.include({ from: ALICE, to: MAILER });
      expect(Buffer.from(sent!.bytes).equals(LONG)).to.equal(true);
      expect(await world.stateOf(1)).to.deep.equal({ state: "injected", envelope: null });
    });

    it("wait while that node does not answer", async () => {
      const attachments = await attachmentsOf(LONG);
      world.files.isSilent = true;
      await write(attachments);
      expect(await world.stateOf(1)).to.include({ state: "accepted" });
      world.files.isSilent = false;
      world.relay.clock.nowMs += 30_000;
      await world.gateway.poll();
      await world.gateway.idle();
      expect(world.network.sent).to.have.length(1);
    });

    const shortened = (pieces: readonly Attachment[]) => pieces.slice(1);
    const swapped = ([one, two, three]: readonly Attachment[]) => [two!, one!, three!];
    const withFile = (pieces: readonly Attachment[]) => [...pieces, { data: "data:,x" }];
    for (const [title, change] of Object.entries({ shortened, swapped, withFile })) {
      it(`are refused where the pieces are not those: ${title}`, async () => {
        await write(change(await attachmentsOf(LONG)));
        await isRefused(/not all there, or not in their order/);
        expect(world.files.asked).to.equal(0);
      });
    }

    it("are refused, and nobody is asked, where they are at another host than the sender's node", async () => {
      for (const host of ["https://elsewhere.example", `${ALICES_NODE}x`]) {
        await write(await attachmentsOf(LONG, host));
      }
      await isRefused(/not kept at a relay node of alice.eth/);
      expect(world.files.asked).to.equal(0);
    });

    it("are refused, and nobody is asked, where they are larger than the network takes", async () => {
      await write(await attachmentsOf(new Uint8Array(LONGEST_MESSAGE + 1)));
      await isRefused(/larger than 4000000 bytes/);
      expect(world.files.asked).to.equal(0);
    });

    it("are refused where a piece is gone, or has other bytes", async () => {
      const attachments = await attachmentsOf(LONG);
      const [first] = [...world.files.at.keys()];
      world.files.at.delete(first!);
      await write(attachments);
      await isRefused(/not there any more/);
      world.files.at.set(first!, new Uint8Array(NATIVE_PIECE + 17));
      await write(attachments);
      await isRefused(/other bytes/);
    });

    /** And the sender is told why. */
    async function isRefused(why: RegExp) {
      expect(world.network.sent).to.deep.equal([]);
      const answers = (await world.onTheWay()).map(
        ({ content }) => "text" in content && content.text,
      );
      expect(answers.join("\n")).to.match(why);
    }
  });

  it("have one form: a reference of another size or order is none", () => {
    const digest = sha256(new Uint8Array());
    const piece = { url: `${ALICES_NODE}/blobs/x`, key: new Uint8Array(32), sha256: digest };
    const read = (sizes: readonly number[]) => () =>
      nativeMessageOf(keptNativeAttachments(sizes.map((size) => ({ ...piece, size }))));
    expect(read([NATIVE_PIECE, 1])()).to.include({ is: "kept", size: NATIVE_PIECE + 1 });
    for (const sizes of [[NATIVE_PIECE + 1], [1, NATIVE_PIECE], [NATIVE_PIECE, 0]]) {
      expect(read(sizes), sizes.join()).to.throw("not all there");
    }
    const file = blobReferenceText({ ...piece, size: 1, mediaType: "image/png" });
    expect(nativeMessageOf([{ data: file }])).to.equal(null);
  });
});
