import { expect } from "chai";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { indexedDbKeyValue } from "../../src/messenger/indexedDbKeyValue.js";
import { keyValueOutbox } from "../../src/sending/keyValueOutbox.js";
import { expectRejection } from "../expectError.js";
import { holdsTheContract } from "../sending/outboxContract.js";

describe("messenger: a key-value store in IndexedDB", () => {
  before(() => {
    globalThis.IDBKeyRange = IDBKeyRange;
  });

  it("keeps values over a reload, apart by its name, and in the order of their keys", async () => {
    const factory = new IDBFactory();
    const store = indexedDbKeyValue("alice", factory);
    await store.set("b/2", { text: "two" });
    await store.set("b/1", 1);
    await store.set("c", true);
    const reloaded = indexedDbKeyValue("alice", factory);
    expect(await reloaded.entries("b/")).to.deep.equal([
      ["b/1", 1],
      ["b/2", { text: "two" }],
    ]);
    await reloaded.delete("b/2");
    expect(await store.get("b/2")).to.equal(null);
    expect(await store.get("b/1")).to.equal(1);
    expect(await indexedDbKeyValue("bob", factory).get("c")).to.equal(null);
  });

  it("says what to do where there is none", async () => {
    await expectRejection(
      indexedDbKeyValue("alice", undefined).get("a"),
      "INVALID_CONFIGURATION",
      /cannot be used here\. Give createMessenger another store/,
    );
  });

  holdsTheContract("an outbox in it", () =>
    keyValueOutbox(indexedDbKeyValue("outbox", new IDBFactory())),
  );
});
