import { expect } from "chai";
import { batchAt, createBatchSize } from "../../src/storage-client/batches.js";
import type { PendingWrite } from "../../src/storage-client/pendingWrites.js";

const adds = (count: number, chars: number): readonly PendingWrite[] =>
  Array.from({ length: count }, (_, index) => ({
    key: String(index),
    write: {
      ...{ kind: "add", contact: "a", container: "x".repeat(chars), messageHash: String(index) },
      ...{ createdMs: 1, isHalted: false, incomingId: null },
    },
  }));

describe("how much goes to a storage in one request", () => {
  it("is more after an answer to a large one, up to a bound", () => {
    const size = createBatchSize();
    const sizes = Array.from({ length: 5 }, () => {
      size.answered(batchAt(adds(100, 20_000), 0, size.most()));
      return size.most();
    });
    expect(sizes).to.deep.equal([320_000, 640_000, 1_280_000, 2_000_000, 2_000_000]);
  });

  it("stays after answers to small ones, which say nothing about the way", () => {
    const size = createBatchSize();
    const before = size.most();
    for (let each = 0; each < 100; each++) size.answered(adds(1, 300));
    size.answered(adds(2, before / 4));
    const hide = { kind: "hide", contact: "a", isHidden: true } as const;
    size.answered([{ key: "1", write: hide }]);
    expect(size.most()).to.equal(before);
    size.answered(adds(2, before / 4 + 1));
    expect(size.most()).to.equal(2 * before);
  });

  it("is half as much after none, as long as it can be less", () => {
    const size = createBatchSize();
    size.unanswered(adds(2, 30_000));
    expect(size.most()).to.equal(30_000);
    size.unanswered(adds(1, 30_000));
    expect(size.most()).to.equal(30_000);
    for (let each = 0; each < 10; each++) size.unanswered(adds(2, 1_000));
    expect(size.most()).to.equal(5_000);
  });
});
