/** What the table of data keys lets happen to a key, and what it does not. */
import { randomUUID } from "node:crypto";
import { expect } from "chai";
import type { DataKeyStore, WrappedDataKey } from "../../../src/sealing/dataKeyStore.js";
import { bytes } from "../sampleNames.js";
import { keeperOn, openSealingWorld, type SealingWorld } from "./sealingWorld.js";

const MOST = 100n;

describe("db/sealing: data keys", () => {
  let world: SealingWorld;
  let store: DataKeyStore;

  before(async () => {
    world = await openSealingWorld();
    store = keeperOn(world.pool, world.schemas, []).store;
  });
  beforeEach(() => world.pool.query(`truncate ${world.schemas.sealing}.data_key cascade`));
  after(() => world.close());

  const newKey = (): WrappedDataKey => ({
    id: randomUUID(),
    wrappingKey: "file:00",
    wrapped: bytes(60, 7),
  });
  const states = async () => (await store.all()).map(({ id, state }) => [id, state]);

  it("has one current key, which counts its seals and stops at the most", async () => {
    const [first, second] = [newKey(), newKey()];
    expect(await store.take(1, MOST)).to.equal(null);
    expect(await store.begin(first)).to.equal(true);
    expect(await store.begin(second)).to.equal(false);
    expect(await store.take(99, MOST)).to.deep.equal(first);
    expect(await store.take(2, MOST)).to.equal(null);
    expect(await store.take(1, MOST)).to.deep.equal(first);
    expect(await store.take(1, MOST)).to.equal(null);
    expect(await store.take(0, MOST)).to.deep.equal(first);
    expect((await store.all())[0]).to.deep.include({ ...first, state: "current", seals: 100n });
    expect(await store.ofId(first.id)).to.deep.equal(first);
    expect(await store.ofId(second.id)).to.equal(null);
  });

  it("lets the next one follow the current one only, and nobody twice", async () => {
    const [first, second, third] = [newKey(), newKey(), newKey()];
    await store.begin(first);
    expect(await store.succeed(third.id, second, "full")).to.equal(false);
    expect(await store.succeed(first.id, second, "full")).to.equal(true);
    expect(await store.succeed(first.id, third, "full")).to.equal(false);
    expect(await states()).to.deep.equal([
      [first.id, "full"],
      [second.id, "current"],
    ]);
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => store.succeed(second.id, newKey(), "full")),
    );
    expect(outcomes.filter((outcome) => outcome)).to.have.length(1);
    expect((await states()).map(([, state]) => state)).to.deep.equal(["full", "full", "current"]);
  });

  it("retires all at once, for one of those who want to", async () => {
    expect(await store.retireAll(newKey(), []), "none to retire").to.equal(false);
    await store.begin(newKey());
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => store.retireAll(newKey(), [])),
    );
    expect(outcomes.filter((outcome) => outcome)).to.have.length(1);
    expect((await states()).map(([, state]) => state)).to.deep.equal(["retiring", "current"]);
  });

  it("never drops the current one, and leaves retiring ones only", async () => {
    const [first, second, third] = [newKey(), newKey(), newKey()];
    await store.begin(first);
    await store.leave(first.id);
    await store.drop(first.id);
    expect(await states()).to.deep.equal([[first.id, "current"]]);
    await store.retireAll(second, []);
    await store.leave(first.id);
    expect(await states()).to.deep.equal([
      [first.id, "left"],
      [second.id, "current"],
    ]);
    // the next rotation tries again
    await store.retireAll(third, []);
    expect(await store.drop(first.id)).to.equal(true);
    expect(await store.drop(first.id), "dropped by another").to.equal(true);
    expect(await states()).to.deep.equal([
      [second.id, "retiring"],
      [third.id, "current"],
    ]);
  });

  it("leaves those that are lost when it retires the others, those left before as well", async () => {
    const [first, second, third, fourth] = [newKey(), newKey(), newKey(), newKey()];
    await store.begin(first);
    await store.succeed(first.id, second, "full");
    await store.retireAll(third, [first.id]);
    expect(await states()).to.deep.equal([
      [first.id, "left"],
      [second.id, "retiring"],
      [third.id, "current"],
    ]);
    await store.drop(second.id);
    await store.retireAll(fourth, [first.id]);
    expect(await states()).to.deep.equal([
      [first.id, "left"],
      [third.id, "retiring"],
      [fourth.id, "current"],
    ]);
  });

  it("wraps anew only what still is as it was read", async () => {
    const first = newKey();
    await store.begin(first);
    const next = { ...first, wrappingKey: "file:01", wrapped: bytes(60, 8) };
    expect(await store.rewrap({ ...first, wrapped: bytes(60, 9) }, next)).to.equal(false);
    expect(await store.rewrap({ ...first, wrappingKey: "file:02" }, next)).to.equal(false);
    expect(await store.ofId(first.id)).to.deep.equal(first);
    expect(await store.rewrap(first, next)).to.equal(true);
    expect(await store.rewrap(first, next)).to.equal(false);
    expect(await store.ofId(first.id)).to.deep.equal(next);
  });
});
