import { expect } from "chai";
import fc from "fast-check";
import { boundedQueue } from "../../src/messenger/boundedQueue.js";

describe("messenger: bounded queue", () => {
  it("hands over everything in its order, and never holds more than it may", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer()),
        fc.integer({ min: 1, max: 4 }),
        async (items, most) => {
          const queue = boundedQueue<number>(most);
          let pushed = 0;
          const pushing = (async () => {
            for (const item of items) {
              await queue.push(item);
              pushed++;
            }
            queue.finish();
          })();
          const taken: number[] = [];
          for (;;) {
            const next = await queue.next();
            if (next === null) break;
            taken.push(next);
            expect(pushed - taken.length).to.be.at.most(most);
          }
          await pushing;
          expect(taken).to.deep.equal(items);
        },
      ),
    );
  });

  it("lets go whoever waits when it is closed", async () => {
    const full = boundedQueue<number>(1);
    await full.push(1);
    const pushing = full.push(2);
    full.close();
    expect(await pushing).to.equal(false);
    expect(await full.next()).to.equal(null);
    const empty = boundedQueue<number>(1);
    const taking = empty.next();
    empty.close();
    expect(await taking).to.equal(null);
  });
});
