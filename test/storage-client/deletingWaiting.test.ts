/** What waits on a device for a conversation that its user deletes: none of it brings the conversation back. */
import { expect } from "chai";
import { decodeBase64 } from "../../src/dm3/base64.js";
import { addressFrom } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import { sleep } from "../../src/messenger/sleep.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { createBatchSize } from "../../src/storage-client/batches.js";
import { carried } from "../../src/storage-client/carrying.js";
import { nameSeal } from "../../src/storage-client/codec/sealedName.js";
import { createContactIds } from "../../src/storage-client/contactIds.js";
import { createDeleting, giveUp, isGone } from "../../src/storage-client/deleting.js";
import { createPendingWrites } from "../../src/storage-client/pendingWrites.js";
import { createPutting } from "../../src/storage-client/putting.js";
import type { StorageApi } from "../../src/storage-client/storageApi.js";
import type { Write } from "../../src/storage-client/write.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";

const ADDRESS = addressFrom(new Uint8Array(20).fill(7));
const ID = `0x${"07".repeat(20)}.addr.test`;

const add = (contact: string, messageHash: string): Write => ({
  ...{ kind: "add", contact, container: "{}", createdMs: 1, isHalted: false, incomingId: null },
  messageHash,
});

describe("what waits for a conversation that is deleted", () => {
  const store = memoryKeyValue();
  const known = new Set(["known.test"]);
  let nowMs = 1_000;
  const contactIds = createContactIds({
    addressDomain: "addr.test",
    ...{ nowMs: () => nowMs, sleep },
    addressOf: (name) =>
      known.has(name)
        ? Promise.resolve(ADDRESS)
        : Promise.reject(new SignpostError("UNREACHABLE", "It is away.", {})),
  });
  const pending = createPendingWrites({
    ...{ store, instance: "one", nowMs: () => nowMs, onAdded: () => undefined },
  });
  const deleting = createDeleting({ contactIds, pending, stored: { givenOf: () => null } });
  const kinds = async () =>
    (await pending.all()).map(({ write }) => [
      write.kind,
      write.contact,
      ...("messageHash" in write ? [write.messageHash] : []),
    ]);

  it("is deleted at the storage too, where it may be already", async () => {
    await pending.add({ kind: "conversation", contact: "known.test" });
    await pending.add({ ...add("known.test", "0x1") });
    const one = { kind: "delete message", contact: "known.test", messageHash: "0x2" } as const;
    await pending.add({ ...one, rowId: null });
    await pending.add(add("unknown.test", "0x3"));
    await pending.add({ kind: "hide", contact: "unknown.test", isHidden: true });
    await deleting.conversation(ID);
    expect(await kinds()).to.deep.equal([
      ["delete message", "known.test", "0x2"],
      ["add", "unknown.test", "0x3"],
      ["hide", "unknown.test"],
      ["delete conversation", ID],
      ["delete message", "known.test", "0x1"],
    ]);
  });

  it("is given up when it turns out to be of it, also after a restart; what came later is not", async () => {
    await pending.add(add("unknown.test", "0x4"));
    const again = createPendingWrites({
      ...{ store, instance: "two", nowMs: () => nowMs, onAdded: () => undefined },
    });
    known.add("unknown.test");
    nowMs += 60_000;
    expect(await contactIds.idOf("unknown.test")).to.equal(ID);
    const gone = (await again.all()).filter(({ write }) => isGone(write, ID));
    expect(gone.map(({ write }) => write.kind)).to.deep.equal(["add", "hide"]);
    expect(gone.filter(({ write }) => isGone(write, `another${ID}`))).to.deep.equal([]);
    for (const one of gone) await giveUp(again, one);
    const left = (await again.all()).map(({ write }) => write);
    expect(left.filter(({ kind }) => kind === "add")).to.deep.equal([add("unknown.test", "0x4")]);
    const hashes = left.flatMap((one) => (one.kind === "delete message" ? [one.messageHash] : []));
    expect(hashes).to.deep.equal(["0x2", "0x1", "0x3"]);
  });

  describe("by another page", () => {
    /** Two pages over one store. The first one knows what it wrote before the other one deleted anything. */
    async function twoPages() {
      const own = memoryKeyValue();
      const open = (instance: string) =>
        createPendingWrites({
          ...{ store: own, instance, nowMs: () => nowMs, onAdded: () => undefined },
        });
      const [first, second] = [open("first"), open("second")];
      await Promise.all([first.all(), second.all()]);
      const elsewhere = createDeleting({
        ...{ contactIds, pending: second, stored: { givenOf: () => null } },
      });
      return { first, elsewhere };
    }

    /** The kinds of what reaches the storage when the first page carries. */
    async function reached(first: ReturnType<typeof createPendingWrites>) {
      const kinds: string[] = [];
      const asked = (kind: string) => () => {
        kinds.push(kind);
        return Promise.resolve(null);
      };
      const api = {
        add: asked("add"),
        ...{ addConversation: asked("conversation"), deleteMessage: asked("delete message") },
      } as unknown as StorageApi;
      const keys = await keysOf(ENGINES.node, "alice");
      const privateKey = decodeBase64(people.alice.keys.encryptionKeyPair.privateKey);
      const halted = { rowIdOf: () => Promise.resolve(null) };
      const onFailure = (error: SignpostError) => {
        throw error;
      };
      const parts = {
        putting: createPutting({ keys, contactIds, halted, onFailure }),
        ...{ pending: first, batchSize: createBatchSize(), signal: new AbortController().signal },
      };
      const account = {
        ...{ name: "alice.eth", seal: nameSeal(keys.engine, privateKey, "alice.eth") },
        at: <T>(work: (api: StorageApi, token: string) => Promise<T>) => work(api, "token"),
      };
      const writes = await first.all();
      return { kinds, carry: () => carried(parts, account, ID, writes, false) };
    }

    it("is not brought back where it was unknown then whose it is", async () => {
      const { first, elsewhere } = await twoPages();
      await first.add(add("late.test", "0x5"));
      const { kinds, carry } = await reached(first);
      await elsewhere.conversation(ID);
      await carry();
      expect(kinds).to.deep.equal([]);
      const left = (await first.all()).map(({ write }) => write.kind);
      expect(left).to.deep.equal(["delete message"]);
    });

    it("is not brought back where it was written when both were open", async () => {
      const { first, elsewhere } = await twoPages();
      await first.add(add("known.test", "0x6"));
      const { kinds, carry } = await reached(first);
      await elsewhere.conversation(ID);
      await carry();
      expect(kinds).to.deep.equal([]);
    });
  });
});
