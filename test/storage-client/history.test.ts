/** Lists that are longer than a page, while they change, and where a storage never ends them. */
import { createMessage } from "@dm3-org/dm3-lib-messaging";
import { expect } from "chai";
import { decodeBase64 } from "../../src/dm3/base64.js";
import { unsignedMessage } from "../../src/dm3/message/messageContent.js";
import { signMessage } from "../../src/dm3/message/messageSignature.js";
import { dm3Hash } from "../../src/dm3/stringify.js";
import { sleep } from "../../src/messenger/sleep.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { containerOfSent } from "../../src/storage-client/codec/container.js";
import { sealContainer } from "../../src/storage-client/codec/sealedContainer.js";
import { nameSeal } from "../../src/storage-client/codec/sealedName.js";
import { createContactIds } from "../../src/storage-client/contactIds.js";
import { createHistory } from "../../src/storage-client/history.js";
import { createPendingWrites } from "../../src/storage-client/pendingWrites.js";
import type { StorageApi } from "../../src/storage-client/storageApi.js";
import type { ConversationRow, MessageRow } from "../../src/storage-client/storageRows.js";
import { createStoredMessages } from "../../src/storage-client/storedMessages.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { contactOf, keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { stockContainer, stockStorage } from "./stockStorage.js";
import {
  addressNameOf,
  allOf,
  createStorageWorld,
  type Device,
  device,
  textsIn,
} from "./storageWorld.js";

const { alice } = people;
const ACCOUNT = addressNameOf("alice");
const stock = stockStorage(alice.keys, ACCOUNT);

describe("reading a storage page by page", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let phone: Device;
  const kept = () => world.nodes[0].storage;

  /** The one that changed last first. */
  async function conversationsOf(contacts: readonly string[]) {
    for (const [index, contact] of contacts.entries()) {
      kept().conversations.push({
        ...{ account: ACCOUNT, contact: await stock.sealName(contact), location: "" },
        ...{ updatedMs: 1_000_000 - index, isHidden: false },
      });
    }
  }

  beforeEach(async () => {
    world = await createStorageWorld();
    phone = await device(world, "alice");
  });
  afterEach(async () => {
    await phone.leave();
    await world.close();
  });

  it("leaves out no conversation that a message came to meanwhile", async () => {
    const contacts = Array.from({ length: 120 }, (_, index) => `n${index}.test`);
    await conversationsOf(contacts);
    const { conversations } = kept();
    const changes = [
      // of the last page, and then of one that is being read
      ...[
        [10, 119],
        [60, 118],
        [110, 30],
        [115, 3],
      ],
    ];
    let ms = 2_000_000;
    const found: string[] = [];
    for await (const { contact } of phone.storage.conversations()) {
      found.push(contact);
      for (const [at, changed] of changes) {
        if (found.length === at) conversations[changed!]!.updatedMs = ms++;
      }
    }
    expect(found).to.have.members(contacts);
    expect(found).to.have.length(120);
  });

  it("finds as well what comes while it looks again", async () => {
    const contacts = Array.from({ length: 120 }, (_, index) => `n${index}.test`);
    await conversationsOf(contacts);
    const { conversations } = kept();
    let ms = 2_000_000;
    const found: string[] = [];
    for await (const { contact } of phone.storage.conversations()) {
      found.push(contact);
      // all of the last page are in front of the first one now
      if (found.length === 90) for (const each of conversations.slice(100)) each.updatedMs = ms++;
      if (found.length === 105)
        for (const each of conversations.slice(0, 60)) each.updatedMs = ms++;
    }
    expect(found).to.have.members(contacts);
    expect(found).to.have.length(120);
  });

  describe("that never ends", () => {
    let asked: number;

    async function rowOf(text: string) {
      const { privateKey } = alice.keys.signingKeyPair;
      const message = await createMessage("bob.eth", "alice.eth", text, privateKey);
      const container = await stock.sealContainer(stockContainer(message));
      return { createdAt: asked, encryptedEnvelopContainer: container };
    }
    function bend(route: string, rows: () => readonly object[]) {
      world.nodes[0].bend = ({ path }, response) => {
        if (!path.includes(route)) return false;
        asked++;
        response.json(rows());
        return true;
      };
    }

    beforeEach(() => {
      asked = 0;
    });

    it("ends where pages of messages repeat", async () => {
      const rows = await Promise.all(Array.from({ length: 50 }, (_, at) => rowOf(String(at))));
      bend("/getMessages/", () => rows);
      expect(textsIn(await phone.history("bob.eth"))).to.have.length(50);
      expect(asked).to.be.below(20);
    });

    it("ends where nothing can be read", async () => {
      bend("/getMessages/", () =>
        Array.from({ length: 50 }, (_, at) => ({
          ...{ createdAt: at, encryptedEnvelopContainer: `garbage ${asked} ${at}` },
        })),
      );
      expect(await phone.history("bob.eth")).to.deep.equal([]);
      expect(asked).to.be.below(20);
    });

    it("ends where pages of conversations repeat, or change all the time", async () => {
      const contacts = await Promise.all(
        Array.from({ length: 50 }, (_, at) => stock.sealName(`n${at}.test`)),
      );
      for (const updatedAt of [() => 7, () => asked]) {
        asked = 0;
        bend("/getConversations", () =>
          contacts.map((contact) => ({ contact, updatedAt: updatedAt() })),
        );
        expect(await phone.conversations()).to.have.length(50);
        expect(asked).to.be.below(70);
      }
    });
  });
});

describe("reading a storage while much of it waits to be deleted or hidden", function () {
  this.timeout(360_000);
  const MANY = 550;
  const now = { nowMs: () => 1_000 };

  async function reading() {
    const keys = await keysOf(ENGINES.node, "alice");
    const contactIds = createContactIds({
      ...{ ...now, addressDomain: "addr.test", sleep },
      addressOf: () => Promise.resolve(null),
    });
    const pending = createPendingWrites({
      ...{ ...now, store: memoryKeyValue(), instance: "one", onAdded: () => undefined },
    });
    const stored = createStoredMessages({
      ...{ keys: [keys] as const, ownNames: ["alice.eth"], contactOf, contactIds },
      onUnreadable: (error) => {
        throw error;
      },
    });
    const privateKey = decodeBase64(alice.keys.encryptionKeyPair.privateKey);
    const account = {
      ...{ name: "alice.eth", seal: nameSeal(keys.engine, privateKey, "alice.eth") },
      at: <T>(work: (api: StorageApi, token: string) => Promise<T>) =>
        work(api as unknown as StorageApi, "token"),
    };
    const lists = { messages: [] as MessageRow[], conversations: [] as ConversationRow[] };
    const page = <T>(rows: readonly T[], asked: { pageSize: number; offset: number }) =>
      rows.slice(asked.offset * asked.pageSize, (asked.offset + 1) * asked.pageSize);
    // by numbers, as dm3's storage
    const api: Partial<StorageApi> = {
      messages: (_token, _name, asked) =>
        Promise.resolve({ rows: page(lists.messages, asked), next: null }),
      conversations: (_token, asked) => Promise.resolve(page(lists.conversations, asked)),
    };
    const connection = { account: () => Promise.resolve(account) };
    const history = createHistory({ connection, contactIds, pending, stored });
    return { keys, account, pending, lists, history };
  }

  it("finds the older message behind them", async () => {
    const { keys, pending, lists, history } = await reading();
    for (let at = 0; at <= MANY; at++) {
      const given = { type: "NEW", text: String(at), from: "alice.eth", to: "bob.eth" } as const;
      const message = await signMessage(
        keys.signingKey,
        unsignedMessage({ ...given, timestampMs: at }),
      );
      const sealedContainer = await sealContainer(keys, containerOfSent(message, false));
      lists.messages.push({ ...{ id: null, sealedContainer, createdMs: at }, isHalted: false });
      if (at === MANY) continue;
      await pending.add({
        ...{ kind: "delete message", contact: "bob.eth", id: "bob.eth", rowId: null },
        messageHash: dm3Hash(message),
      });
    }
    expect(textsIn(await allOf(history.messages("bob.eth")))).to.deep.equal([String(MANY)]);
  });

  it("finds the conversation behind them", async () => {
    const { account, pending, lists, history } = await reading();
    for (let at = 0; at <= MANY; at++) {
      const id = `n${at}.test`;
      const sealedName = await account.seal.seal(id);
      const nothing = { sealedPreview: null, sealedLocations: null };
      lists.conversations.push({ ...nothing, sealedName, updatedMs: MANY - at });
      if (at < MANY) await pending.add({ kind: "hide", contact: id, id, isHidden: true });
    }
    const found = await allOf(history.conversations());
    expect(found.map(({ contact }) => contact)).to.deep.equal([`n${MANY}.test`]);
  });
});
