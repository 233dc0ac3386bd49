import { expect } from "chai";
import fc from "fast-check";
import { createShares, type Shares, type Tenant } from "../../../src/http/fairness/shares.js";
import { expectRejection } from "../../expectError.js";

const tenant = (group: string, member = "only"): Tenant => ({ group, member });
const turnOfLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Work that lasts until it is told to end, and what has begun so far. */
function works(shares: Shares) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    start: (title: string, who: Tenant, amount = 1) =>
      shares.within(who, amount, () => {
        begun.push(title);
        return new Promise<void>((resolve) => ends.set(title, resolve));
      }),
    end: async (title: string) => {
      ends.get(title)?.();
      await turnOfLoop();
    },
  };
}

describe("http/fairness/shares", () => {
  const options = { capacity: 8, mostWaiting: 100, longestWaitMs: 1_000 };

  it("leaves as much free as one has: half for one alone, a quarter for the second, an eighth for the third", async () => {
    const { begun, start } = works(createShares(options));
    for (const group of ["a", "b", "c", "d"]) {
      for (let count = 0; count < 8; count++) void start(group, tenant(group)).catch(() => null);
    }
    await turnOfLoop();
    expect(begun.join("")).to.equal("aaaabbc");
  });

  it("gives what becomes free to the groups in turn, and within one to its members in turn", async () => {
    const { begun, start, end } = works(createShares({ ...options, capacity: 2 }));
    void start("holder", tenant("z"));
    for (const title of ["a1", "a1'", "a1''"]) void start(title, tenant("a", "1"));
    void start("a2", tenant("a", "2"));
    void start("b1", tenant("b", "1"));
    await turnOfLoop();
    for (let done = 0; done < 6; done++) await end(begun.at(-1) ?? "");
    expect(begun).to.deep.equal(["holder", "a1", "b1", "a2", "a1'", "a1''"]);
  });

  it("shares amounts: what is too much for now waits, and what is small goes on", async () => {
    const { begun, start, end } = works(createShares({ ...options, capacity: 40 }));
    void start("a 16", tenant("a"), 16);
    void start("a 16 again", tenant("a"), 16);
    void start("b 16", tenant("b"), 16);
    void start("c 2", tenant("c"), 2);
    void start("d 0", tenant("d"), 0);
    await turnOfLoop();
    expect(begun).to.deep.equal(["a 16", "c 2", "d 0"]);
    await end("a 16");
    await end("a 16 again");
    // in the order in which they came, and then it is the turn of others
    expect(begun.slice(3)).to.deep.equal(["a 16 again", "b 16"]);
  });

  it("refuses at once who has too many waiting, and in time who waited for too long: LIMIT_EXCEEDED", async () => {
    const shares = createShares({ capacity: 2, mostWaiting: 1, longestWaitMs: 20 });
    const { start, end } = works(shares);
    const first = start("first", tenant("a"));
    const waiting = start("second", tenant("a"));
    await expectRejection(start("third", tenant("a")), "LIMIT_EXCEEDED", /fewer at a time/);
    const other = start("other member", tenant("a", "2"));
    await expectRejection(waiting, "LIMIT_EXCEEDED", /fewer at a time/);
    await expectRejection(other, "LIMIT_EXCEEDED", /fewer at a time/);
    await end("first");
    await first;
    // nothing is left of those that gave up
    const again = start("again", tenant("a"));
    await turnOfLoop();
    await end("again");
    await again;
  });

  it("gives the next its turn when one that there was no room for gives up", async () => {
    const shares = createShares({ capacity: 10, mostWaiting: 9, longestWaitMs: 40 });
    let endFirst: () => void = () => undefined;
    const first = shares.within(
      tenant("a"),
      4,
      () => new Promise<void>((resolve) => (endFirst = resolve)),
    );
    const large = shares.within(tenant("a"), 6, () => Promise.resolve());
    await new Promise((resolve) => setTimeout(resolve, 20));
    const small = shares.within(tenant("a"), 1, () => Promise.resolve("small"));
    await expectRejection(large, "LIMIT_EXCEEDED", /waited for its turn for 0.04 seconds/);
    expect(await small).to.equal("small");
    endFirst();
    await first;
  });

  it("gives back what it has when work fails, and while work waits outside", async () => {
    const shares = createShares({ capacity: 2, mostWaiting: 9, longestWaitMs: 1_000 });
    const failed = shares.within(tenant("a"), 1, () => Promise.reject(new Error("no")));
    expect(await failed.catch((error: unknown) => String(error))).to.equal("Error: no");
    const order: string[] = [];
    let arrive: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => (arrive = resolve));
    const outside = shares.within(tenant("a"), 1, async (other) => {
      order.push("asks");
      await other(() => answer);
      order.push("goes on");
    });
    await shares.within(tenant("a"), 1, async () => {
      order.push("other works");
      arrive();
      await turnOfLoop();
      order.push("other ends");
    });
    await outside;
    expect(order).to.deep.equal(["asks", "other works", "other ends", "goes on"]);
    const failing = shares.within(tenant("a"), 1, (other) =>
      other(() => Promise.reject(new Error("away"))),
    );
    expect(await failing.catch((error: unknown) => String(error))).to.equal("Error: away");
    await shares.within(tenant("a"), 1, () => Promise.resolve());
  });

  it("whatever comes: never gives out more than there is, leaves something free, and serves everybody in the end", async () => {
    const request = fc.record({
      group: fc.constantFrom("a", "b", "c", "d"),
      member: fc.constantFrom("1", "2"),
      amount: fc.integer({ min: 0, max: 5 }),
      turns: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
        const capacity = 10;
        const shares = createShares({ capacity, mostWaiting: 100, longestWaitMs: 5_000 });
        let held = 0;
        let served = 0;
        await Promise.all(
          requests.map(({ group, member, amount, turns }) =>
            shares.within({ group, member }, amount, async () => {
              held += amount;
              expect(held).to.be.at.most(capacity);
              for (let count = 0; count < turns; count++) await turnOfLoop();
              held -= amount;
              served++;
            }),
          ),
        );
        expect(served).to.equal(requests.length);
      }),
      { numRuns: 50 },
    );
  });
});
