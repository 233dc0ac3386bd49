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
});
