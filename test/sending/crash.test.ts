/** A process that sends is killed in the middle of its work, and another one goes on. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { newOutgoing } from "../../src/sending/newOutgoing.js";
import { type ChildProgram, startProgram } from "../childProgram.js";
import { openOutboxDatabase, type OutboxDatabase } from "../db/outbox/outboxDatabase.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { addressOf, createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { type ChainServer, serveChain } from "../lookup/chainServer.js";

const COUNT = 12;

describe("sending, when its process is killed", () => {
  let world: NodeWorld;
  let chain: ChainServer;
  let database: OutboxDatabase;
  const programs: ChildProgram[] = [];

  before(async () => {
    world = await createNodeWorld();
    for (const node of world.nodes) await world.signUp("bob", node);
    chain = await serveChain();
    database = await openOutboxDatabase();
  });
  after(async () => {
    for (const { process, ended } of programs) {
      process.kill("SIGKILL");
      await ended;
    }
    await database.close();
    await chain.close();
    await world.close();
  });

  async function start(): Promise<ChildProgram> {
    const { url, keyFile } = database;
    const { ensRegistry } = world.ens;
    const args = [url, keyFile, chain.url, ensRegistry, people.alice.storageKey];
    const program = startProgram("test/sending/senderProgram.ts", args);
    programs.push(program);
    await program.printed(/started/);
    return program;
  }

  it("loses nothing, goes on within seconds, and sends the same bytes", async () => {
    const ids = Array.from({ length: COUNT }, (_, index) => `crash ${index}`);
    for (const id of ids) {
      const given = {
        type: "NEW",
        text: id,
        from: "alice.eth",
        to: "bob.eth",
        timestampMs: 7,
      } as const;
      await database.outbox.add(newOutgoing({ id, given }, Date.now(), 60_000));
    }
    // the relay node keeps the message at once, and answers late: the sender dies between the two
    world.nodes[0].bend = (request, response) => {
      if (request.path !== "/rpc") return false;
      const end = response.end.bind(response) as (...parts: unknown[]) => typeof response;
      response.end = (...parts: unknown[]) => {
        setTimeout(() => end(...parts), 60);
        return response;
      };
      return false;
    };
    const first = await start();
    await first.printed(/accepted crash 2/);
    first.process.kill("SIGKILL");
    await first.ended;
    const atKill = await acceptedIds(ids);
    expect(atKill.length).to.be.within(2, COUNT - 2);

    const killedMs = Date.now();
    await start();
    while ((await acceptedIds(ids)).length === atKill.length) await delay(20);
    // the program itself takes a second or two to start
    expect(Date.now() - killedMs).to.be.below(8_000);
    while ((await acceptedIds(ids)).length < COUNT) {
      if (Date.now() - killedMs > 15_000) throw new Error(programs.at(-1)!.output());
      await delay(20);
    }
    const kept = world.nodes[0].kept(addressOf("bob")).map(({ message }) => message);
    // what was submitted again was the same envelope, by which our relay node and every receiver know the copy
    expect(new Set(kept).size).to.equal(COUNT);
    expect(kept.length).to.be.below(COUNT + 9);
  });

  async function acceptedIds(ids: readonly string[]): Promise<readonly string[]> {
    const all = await Promise.all(ids.map((id) => database.outbox.get(id)));
    return all.flatMap((one) => (one?.state === "accepted" ? [one.id] : []));
  }
});
