import { expect } from "chai";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { createPendingWrites } from "../../src/storage-client/pendingWrites.js";
import type { Write } from "../../src/storage-client/write.js";

const hide = (contact: string): Write => ({ kind: "hide", contact, isHidden: true });

describe("what is to be written into a storage", () => {
  const store = memoryKeyValue();
  let nowMs = 7;
  const open = (instance: string, over = store) =>
    createPendingWrites({
      ...{ store: over, instance, nowMs: () => nowMs },
      onAdded: () => undefined,
    });
  const contactsIn = async (pending: ReturnType<typeof open>) =>
    (await pending.all()).map(({ write }) => write.contact);

  it("stays in its order, also over a restart", async () => {
    const pending = open("one");
    await Promise.all(["a", "b", "c"].map((contact) => pending.add(hide(contact))));
    await pending.add(hide("d"));
    expect(await contactsIn(pending)).to.deep.equal(["a", "b", "c", "d"]);
    expect(await contactsIn(open("again"))).to.deep.equal(["a", "b", "c", "d"]);
  });

  it("stays in its order where the clock was set back meanwhile", async () => {
    const over = memoryKeyValue();
    nowMs = 5_000;
    await open("one", over).add(hide("a"));
    nowMs = 7;
    const again = open("two", over);
    await again.add(hide("b"));
    expect(await contactsIn(again)).to.deep.equal(["a", "b"]);
    expect(await contactsIn(open("three", over))).to.deep.equal(["a", "b"]);
  });

  it("of two pages over one store is never written over", async () => {
    const over = memoryKeyValue();
    const [one, other] = [open("one", over), open("other", over)];
    await Promise.all([one.all(), other.all()]);
    await Promise.all([one.add(hide("a")), other.add(hide("b"))]);
    expect(await contactsIn(open("third", over))).to.have.members(["a", "b"]);
  });

  it("of two pages is what the other one changed, and what it left since when one looks", async () => {
    const over = memoryKeyValue();
    const [one, other] = [open("one", over), open("other", over)];
    await one.add(hide("a"));
    const [first] = await other.all();
    await other.change(first!.key, { ...first!.write, goneWith: ["0x1"] });
    expect(await one.kept(await one.all())).to.deep.equal([
      { key: first!.key, write: { ...hide("a"), goneWith: ["0x1"] } },
    ]);
    await other.add(hide("b"));
    expect(await contactsIn(one)).to.deep.equal(["a"]);
    await one.look();
    expect(await contactsIn(one)).to.deep.equal(["a", "b"]);
    // what is written now comes behind it
    await one.add(hide("c"));
    expect(await contactsIn(one)).to.deep.equal(["a", "b", "c"]);
  });

  it("tells when it is done, and when nothing is left", async () => {
    const pending = open("one", memoryKeyValue());
    await pending.none();
    const told: string[] = [];
    const { done } = await pending.add(hide("a"));
    void done.then(() => told.push("a"));
    await pending.add(hide("b"));
    const none = pending.none().then(() => told.push("none"));
    for (const { key } of await pending.all()) {
      await pending.takeAway(key);
      await new Promise(setImmediate);
    }
    await none;
    expect(told).to.deep.equal(["a", "none"]);
  });

  it("is looked for again after the store failed", async () => {
    let fails = true;
    const entries = () => (fails ? Promise.reject(new Error("locked")) : store.entries(""));
    const pending = open("one", { ...memoryKeyValue(), entries });
    let thrown: unknown;
    await pending.all().catch((error: unknown) => (thrown = error));
    expect(String(thrown)).to.include("locked");
    fails = false;
    expect(await contactsIn(pending)).to.deep.equal(["a", "b", "c", "d"]);
  });
});
