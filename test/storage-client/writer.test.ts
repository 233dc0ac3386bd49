/** When what waits is carried to the storage: by itself, whatever was refused, silent or away meanwhile. */
import { expect } from "chai";
import { addressFrom } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import { createWriterWorld, person, type WriterWorld } from "./writerWorld.js";

const HOUR_MS = 60 * 60_000;
const ADDRESS = addressFrom(new Uint8Array(20).fill(9));

describe("what waits for a storage", () => {
  let world: WriterWorld;
  beforeEach(async () => {
    world = await createWriterWorld();
    expect(await world.asleep()).to.equal(Infinity);
  });
  afterEach(async () => {
    await world.writer.stop();
    // nothing else went wrong
    expect(["UNREACHABLE", "RELAY_NODE_REFUSED"]).to.include.members([...world.problems]);
  });

  /** So that they go in one round. */
  async function addedAtOnce(...contacts: readonly string[]): Promise<void> {
    const { bend } = world;
    world.bend = () => "no answer";
    await world.add(person(0));
    const ms = await world.asleep();
    for (const contact of contacts) await world.add(contact);
    world.bend = bend;
    world.asked.length = 0;
    world.pass(ms);
  }

  describe("is tried again although the rest took longer than its pause", () => {
    const slowly = (contact: string) => {
      if (contact === person(3)) world.pass(10_000);
      return 200;
    };

    it("where the storage refused it for now", async () => {
      let refusals = 0;
      world.bend = (contact) => (contact === person(1) && refusals++ === 0 ? 409 : slowly(contact));
      await addedAtOnce(person(1), person(2), person(3));
      await world.passAll();
      expect(await world.left()).to.deep.equal([]);
    });

    it("where it had no answer", async () => {
      let silences = 0;
      world.bend = (contact) =>
        contact === person(1) && silences++ === 0 ? "no answer" : slowly(contact);
      await addedAtOnce(person(1), person(2), person(3));
      await world.passAll();
      expect(await world.left()).to.deep.equal([]);
    });

    it("where a name could not be looked up", async () => {
      let failures = 0;
      world.addressOf = () =>
        failures++ === 0
          ? Promise.reject(new SignpostError("UNREACHABLE", "It is away.", {}))
          : Promise.resolve(ADDRESS);
      world.bend = slowly;
      await addedAtOnce("name.test", person(2), person(3));
      await world.passAll();
      expect(await world.left()).to.deep.equal([]);
    });
  });

  it("is tried again when its pause is over, also where the clock was set back", async () => {
    let refusals = 0;
    world.bend = (contact) => (contact === person(1) && refusals++ === 0 ? 409 : 200);
    await world.add(person(1));
    const ms = await world.asleep();
    expect(ms).to.equal(1_000);
    world.setBack(HOUR_MS);
    world.pass(ms);
    expect(await world.asleep()).to.equal(Infinity);
    expect(await world.left()).to.deep.equal([]);
  });

  describe("goes at once when the storage is there again", () => {
    it("where it was added in the round that found out", async () => {
      world.bend = () => "no answer";
      await world.add(person(1));
      const ms = await world.asleep();
      world.bend = async () => {
        world.bend = () => 200;
        await world.add(person(2));
        return 200;
      };
      world.pass(ms);
      await world.passAll();
      expect(await world.left()).to.deep.equal([]);
    });

    it("where its name was looked up in the round that found out", async () => {
      let tell: (address: typeof ADDRESS) => void = () => undefined;
      world.addressOf = () => new Promise((resolve) => (tell = resolve));
      world.bend = () => "no answer";
      await world.add(person(1));
      await world.add("slow.test");
      // the name is waited for; then the storage is asked, and does not answer
      world.pass(await world.asleep());
      const ms = await world.asleep();
      world.bend = async () => {
        tell(ADDRESS);
        await new Promise(setImmediate);
        return 200;
      };
      world.pass(ms);
      await world.passAll();
      expect(await world.left()).to.deep.equal([]);
    });
  });

  for (const silent of [[3], [3, 4]])
    describe(`beside ${silent.length} of many conversations that never have an answer`, () => {
      const isSilent = (contact: string) => silent.map(person).includes(contact);
      beforeEach(async () => {
        world.bend = (contact) => (isSilent(contact) ? "no answer" : 200);
        await addedAtOnce(person(1), person(2), person(3), person(4), person(5));
      });

      it("holds up nobody else, however long it lasts", async () => {
        for (let each = 0; each < 10; each++) {
          world.pass(await world.asleep());
          const before = await world.asleep();
          await world.add(person(6));
          // the sleep that is under way when it is added is over, and no time passed
          await new Promise(setImmediate);
          const after = await world.asleep();
          expect(after, `after ${before}`).to.be.at.most(before);
          expect((await world.left()).filter((contact) => !isSilent(contact))).to.deep.equal([]);
        }
      });

      it("is asked for less and less often, and arrives in the end", async () => {
        await world.asleep();
        for (let passedMs = 0; passedMs < HOUR_MS; passedMs += await world.asleep()) {
          world.pass(await world.asleep());
        }
        expect(world.asked.filter((one) => one === person(3)).length).to.be.within(15, 25);
        world.bend = () => 200;
        await world.passAll();
        expect(await world.left()).to.deep.equal([]);
      });
    });

  it("does not wait longer each time while parts of it arrive", async () => {
    let asked = 0;
    world.bend = () => (asked++ % 2 === 0 ? 200 : "no answer");
    await addedAtOnce(...Array<string>(20).fill(person(1)));
    expect(await world.passAll()).to.be.at.most(25_000);
    expect(await world.left()).to.deep.equal([]);
  });

  it("asks a storage that went away in the middle for a few of many conversations", async () => {
    let answers = 0;
    world.bend = () => (answers++ < 2 ? 200 : "no answer");
    await addedAtOnce(...Array.from({ length: 30 }, (_, index) => person(index + 1)));
    await world.asleep();
    expect(world.asked.length).to.be.at.most(6);
    world.bend = () => 200;
    await world.passAll();
    expect(await world.left()).to.deep.equal([]);
  });
});
