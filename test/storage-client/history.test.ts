/** Lists that are longer than a page, while they change, and where a storage never ends them. */
import { createMessage } from "@dm3-org/dm3-lib-messaging";
import { expect } from "chai";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { stockContainer, stockStorage } from "./stockStorage.js";
import { addressNameOf, createStorageWorld, type Device, device, textsIn } from "./storageWorld.js";

const { alice } = people;
const ACCOUNT = addressNameOf("alice");
const stock = stockStorage(alice.keys, ACCOUNT);

describe("reading a storage page by page", function () {
  this.timeout(60_000);
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
