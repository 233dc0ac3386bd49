/** A storage that answers whatever it likes. */
import { expect } from "chai";
import type { Request, Response } from "express";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { expectRejection } from "../expectError.js";
import { eventually } from "./eventually.js";
import { createStorageWorld, type Device, device, textsIn } from "./storageWorld.js";

describe("a storage that misbehaves", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let phone: Device;

  /** Bends what is asked of the storage by this route. */
  const bend = (route: RegExp, how: (response: Response, request: Request) => void) => {
    world.nodes[0].bend = (request, response) => {
      if (!request.path.startsWith("/storage") || !route.test(request.path)) return false;
      how(response, request);
      return true;
    };
  };

  beforeEach(async () => {
    world = await createStorageWorld();
    phone = await device(world, "alice");
  });
  afterEach(async () => {
    await phone.leave();
    await world.close();
  });

  const BENT: readonly (readonly [string, unknown])[] = [
    ["no JSON", "<html>"],
    ["no list", '{"a":1}'],
    ["null", "null"],
    ["rows that are none", "[1,null]"],
    ["rows without what they need", '[{"contact":7}]'],
    ["texts that are no rows", '["x"]'],
    ["a time that is none", '[{"contact":"a","updatedAt":"yesterday"}]'],
  ];
  for (const [what, body] of BENT) {
    it(`says so of ${what}`, async () => {
      bend(/get/, (response) => response.send(body));
      await expectRejection(phone.conversations(), "UNREACHABLE", /storage at .* understood/);
      await expectRejection(phone.history("bob.eth"), "UNREACHABLE", /storage at .* understood/);
    });
  }

  it("leaves out what it cannot read, tells, and shows the rest", async () => {
    const { id } = await phone.send("bob.eth", "readable");
    await phone.settled(id);
    await phone.storage.settled();
    const { messages, conversations } = world.nodes[0].storage;
    const [kept] = messages.values();
    for (const [index, container] of ["", "AAAA", "!", kept!.container.slice(4)].entries()) {
      messages.set(`bent${index}`, { ...kept!, id: `bent${index}`, container });
    }
    expect(textsIn(await phone.history("bob.eth"))).to.deep.equal(["readable"]);
    const codes = phone.problems.map(({ error, relayNode }) => [error.code, relayNode]);
    expect(codes).to.deep.equal(Array(4).fill(["MESSAGE_MALFORMED", world.nodes[0].url]));
    conversations.push({ ...conversations[0]!, contact: "bm90IHNlYWxlZA==", location: "x" });
    expect(await phone.conversations()).to.have.length(1);
  });

  it("shows each message once, however often it comes", async () => {
    const { id } = await phone.send("bob.eth", "once");
    await phone.settled(id);
    await phone.storage.settled();
    const { messages } = world.nodes[0].storage;
    const [kept] = messages.values();
    for (let copy = 0; copy < 120; copy++) messages.set(`${copy}`, { ...kept!, id: `${copy}` });
    expect(textsIn(await phone.history("bob.eth"))).to.deep.equal(["once"]);
  });

  it("gives up what is refused for good, and tells; what lies behind goes on", async () => {
    let refused = 0;
    bend(/addConversation/, (response) => {
      refused++;
      response.status(400).send("invalid schema");
    });
    const { id } = await phone.send("bob.eth", "behind");
    await phone.settled(id);
    await eventually(() => expect(refused).to.equal(1));
    await phone.storage.settled();
    expect(textsIn(await phone.history("bob.eth"))).to.deep.equal(["behind"]);
    const [problem] = phone.problems;
    expect(problem?.error.code).to.equal("RELAY_NODE_REFUSED");
    expect(problem?.error.message).to.match(/^The storage at http.*refused with status 400/);
  });

  it("keeps what is refused for now, and lets other conversations pass", async () => {
    bend(/toggleHide/, (response) => response.status(409).json({ code: "STORAGE_FULL" }));
    await phone.storage.setHidden("bob.eth", true);
    await phone.storage.addConversation("other.test");
    const { conversations } = world.nodes[0].storage;
    await eventually(() => {
      expect(conversations).to.have.length(2);
    });
    expect(phone.problems.map(({ error }) => error.code)).to.include("RELAY_NODE_REFUSED");
    world.nodes[0].bend = () => false;
    await phone.storage.settled();
    expect(conversations.map(({ isHidden }) => isHidden)).to.deep.equal([true, false]);
  });

  it("gets a few requests where it takes no token, and no storm", async () => {
    let asked = 0;
    bend(/./, (response) => {
      asked++;
      response.sendStatus(401);
    });
    await phone.storage.addConversation("bob.eth");
    await phone.within(1_500);
    phone.wake();
    await phone.within(300);
    await eventually(() => {
      expect(phone.problems.map(({ error }) => error.code)).to.include("SIGN_IN_REFUSED");
    });
    expect(asked).to.be.within(2, 8);
  });

  it("is asked once more, and keeps one message, where its answer was lost", async () => {
    let lost = 0;
    world.nodes[0].bend = ({ path }, response) => {
      if (!path.endsWith("/addMessage") || lost > 0) return false;
      lost++;
      // it keeps the message, and the client hears nothing
      response.send = () => response.destroy() as never;
      return false;
    };
    const { id } = await phone.send("bob.eth", "heard twice");
    await phone.settled(id);
    await phone.storage.settled();
    expect(lost).to.equal(1);
    expect(textsIn(await phone.history("bob.eth"))).to.deep.equal(["heard twice"]);
    expect(world.nodes[0].storage.messages.size).to.equal(1);
    // that it has it already is no problem
    expect(phone.problems.map(({ error }) => error.code)).to.deep.equal(["UNREACHABLE"]);
  });

  describe("that answers 404 for a while, as what stands before one that is away", () => {
    let deletions: number;
    /** What a storage that can delete says, as often as it is reached. */
    const deleting: NodeWorld["nodes"][0]["bend"] = ({ method, path }, response) => {
      if (method !== "DELETE" || !path.startsWith("/storage")) return false;
      deletions++;
      response.json({ isDone: true });
      return true;
    };

    beforeEach(async () => {
      deletions = 0;
      await phone.storage.addConversation("bob.eth");
      await phone.storage.settled();
    });

    it("gets deletions when it is back", async () => {
      bend(/./, (response) => response.status(404).send("no backend"));
      await phone.storage.deleteConversation("bob.eth");
      await eventually(() => {
        expect(phone.problems.map(({ error }) => error.details["status"])).to.include(404);
      });
      world.nodes[0].bend = deleting;
      phone.wake();
      await phone.storage.settled();
      expect(deletions).to.equal(1);
    });

    it("gets them also where it comes back at that moment", async () => {
      let isBack = false;
      world.nodes[0].bend = (request, response) => {
        if (isBack) return deleting(request, response);
        if (request.method !== "DELETE") return false;
        isBack = true;
        response.status(404).send("no backend");
        return true;
      };
      await phone.storage.deleteConversation("bob.eth");
      await phone.storage.settled();
      expect(deletions).to.equal(1);
      expect(phone.problems).to.deep.equal([]);
    });
  });

  it("holds up one conversation where it does not tell what is halted, and that is not given up", async () => {
    await world.ens.setText("bob.eth", "network.dm3.profile", "");
    const { id } = await phone.send("bob.eth", "held");
    await phone.settled(id);
    const { messages, conversations } = world.nodes[0].storage;
    const areHalted = () => [...messages.values()].map(({ isHalted }) => isHalted);
    await eventually(() => {
      expect(areHalted()).to.deep.equal([true]);
    });
    await phone.storage.settled();
    bend(/getHaltedMessages/, (response) => response.sendStatus(400));
    await phone.withdraw(id);
    await phone.storage.addConversation("other.test");
    await eventually(() => {
      expect(conversations).to.have.length(2);
    });
    const codes = new Set(phone.problems.map(({ error }) => error.code));
    expect([...codes]).to.deep.equal(["RELAY_NODE_REFUSED"]);
    world.nodes[0].bend = () => false;
    phone.wake();
    await phone.storage.settled();
    expect(areHalted()).to.deep.equal([false]);
  });
});
