import { setTimeout as wait } from "node:timers/promises";
import { expect } from "chai";
import { inBatches } from "../../src/db/batches.js";
import { expectRejection } from "../expectError.js";

const BOUNDS = {
  ...{ mostInBatch: 3, mostInFlight: 4, longestWaitMs: 5_000, mostWaiting: 100 },
  bytes: { bytesOf: (item: number) => item, mostInBatch: 1_000_000, mostWaiting: 1_000_000 },
};

/** Notes which items came together; each batch ends when it is told to. */
function batches(patienceMs = 0, bounds: Partial<typeof BOUNDS> = {}) {
  const begun: { readonly items: readonly number[]; readonly end: () => void }[] = [];
  const ask = inBatches<number, number>({
    ...{ ...BOUNDS, ...bounds, what: "the numbers", worthAStatement: 3, patienceMs },
    work: (items) =>
      new Promise((resolve) => {
        begun.push({
          items,
          end: () => {
            resolve(items.map((item) => 10 * item));
          },
        });
      }),
  });
  return { ask, begun, together: () => begun.map(({ items }) => items) };
}

/** What a test leaves under way is told later that it waited too long. */
const leave = (answer: Promise<number>) => void answer.catch(() => undefined);

/** Long enough for a few turns of the event loop, on a busy machine too. */
const aTurn = () => wait(30);

describe("db/batches", () => {
  it("take what comes in one turn together, and answer each its own", async () => {
    const { ask, begun, together } = batches();
    const answers = Promise.all([1, 2, 3, 4].map(ask));
    await aTurn();
    expect(together()).to.deep.equal([[1, 2, 3], [4]]);
    for (const { end } of begun) end();
    expect(await answers).to.deep.equal([10, 20, 30, 40]);
  });

  it("with patience, let items gather until the one under way has ended", async () => {
    const { ask, begun, together } = batches(10_000);
    leave(ask(1));
    await aTurn();
    leave(ask(2));
    await aTurn();
    leave(ask(3));
    await aTurn();
    expect(together()).to.deep.equal([[1]]);
    begun[0]?.end();
    await aTurn();
    expect(together()).to.deep.equal([[1], [2, 3]]);
  });

  it("with patience, go on beside it with what is worth a statement", async () => {
    const { ask, together } = batches(10_000);
    leave(ask(1));
    await aTurn();
    for (const item of [2, 3, 4, 5]) leave(ask(item));
    await aTurn();
    expect(together()).to.deep.equal([[1], [2, 3, 4]]);
  });

  it("hold no more bytes than they may, but for one item that is larger alone", async () => {
    const { ask, begun, together } = batches(0, { bytes: { ...BOUNDS.bytes, mostInBatch: 10 } });
    const answers = Promise.all([4, 6, 1, 5, 30, 2].map(ask));
    await aTurn();
    expect(together()).to.deep.equal([[4, 6], [1, 5], [30], [2]]);
    for (const { end } of begun) end();
    expect(await answers).to.deep.equal([40, 60, 10, 50, 300, 20]);
  });

  it("with patience, go on beside it with as many bytes as a statement takes", async () => {
    const { ask, together } = batches(10_000, { bytes: { ...BOUNDS.bytes, mostInBatch: 10 } });
    leave(ask(1));
    await aTurn();
    leave(ask(11));
    await aTurn();
    expect(together()).to.deep.equal([[1], [11]]);
  });

  it("let no more bytes wait than they may, and count down what waits no longer", async () => {
    const bytes = { ...BOUNDS.bytes, mostInBatch: 10, mostWaiting: 20 };
    const { ask, begun, together } = batches(0, { mostInFlight: 1, bytes });
    const first = ask(40);
    await aTurn();
    const kept = [ask(12), ask(8)];
    await expectRejection(ask(1), "DATABASE_UNAVAILABLE", /does not keep up with the numbers/);
    begun[0]?.end();
    await first;
    await aTurn();
    expect(together()).to.deep.equal([[40], [12]]);
    const later = ask(12);
    await expectRejection(ask(1), "DATABASE_UNAVAILABLE", /does not keep up with the numbers/);
    for (let index = 1; index < 4; index++) {
      begun[index]?.end();
      await aTurn();
    }
    expect(await Promise.all([...kept, later])).to.deep.equal([120, 80, 120]);
    expect(together()).to.deep.equal([[40], [12], [8], [12]]);
  });

  it("with patience, go on beside one that hangs when it has run out", async () => {
    const { ask, together } = batches(100);
    leave(ask(1));
    await aTurn();
    leave(ask(2));
    await wait(300);
    expect(together()).to.deep.equal([[1], [2]]);
  });

  it("tell those who waited too long for the beginning, and no one who was asked for", async () => {
    const { ask, begun } = batches(0, { mostInFlight: 1, longestWaitMs: 100 });
    const first = ask(1);
    await aTurn();
    await expectRejection(ask(2), "DATABASE_UNAVAILABLE", /does not keep up with the numbers/);
    begun[0]?.end();
    expect(await first).to.equal(10);
  });

  it("do not count the time for which the process itself was held up", async () => {
    const { ask, begun } = batches(0, { mostInFlight: 1, longestWaitMs: 400 });
    const first = ask(1);
    await aTurn();
    const second = ask(2);
    const end = performance.now() + 700;
    while (performance.now() < end);
    await aTurn();
    for (let batch = 0; batch < 2; batch++) {
      begun[batch]?.end();
      await aTurn();
    }
    expect(await Promise.all([first, second])).to.deep.equal([10, 20]);
  });
});
