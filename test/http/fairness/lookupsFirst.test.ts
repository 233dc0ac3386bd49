import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { lookupsFirst } from "../../../src/http/fairness/lookupsFirst.js";
import { timeSlices } from "../../../src/http/fairness/timeSlices.js";

/** Long enough for a test to fail by its own time limit. */
const FOR_EVER_MS = 3_600_000;

describe("http/fairness/lookupsFirst", () => {
  function endless() {
    let end = () => {};
    const lookup = new Promise<void>((resolve) => (end = resolve));
    return { lookup: () => lookup, end };
  }

  it("lets whoever waits go on when the last lookup has ended", async () => {
    const lookups = lookupsFirst();
    const [first, second] = [endless(), endless()];
    const [one, other] = [lookups.during(first.lookup), lookups.during(second.lookup)];
    let wentOn = false;
    const waiting = lookups.untilNone(FOR_EVER_MS).then(() => (wentOn = true));

    first.end();
    await one;
    await setImmediate();
    expect(wentOn).to.equal(false);

    second.end();
    await Promise.all([other, waiting]);
    expect(wentOn).to.equal(true);
  });

  it("waits for nothing where no lookup is under way, also after one that failed", async () => {
    const lookups = lookupsFirst();
    await lookups.untilNone(FOR_EVER_MS);
    const failed = lookups.during(() => Promise.reject(new Error("no database")));
    await failed.catch(() => undefined);
    await lookups.untilNone(FOR_EVER_MS);
  });

  it("answers with what the lookup answers", async () => {
    expect(await lookupsFirst().during(() => Promise.resolve("answer"))).to.equal("answer");
  });

  it("waits for none that takes long, as one does that asks a service's own database", async () => {
    const clock = { nowMs: 0 };
    const lookups = lookupsFirst(() => clock.nowMs);
    const { lookup, end } = endless();
    const hanging = lookups.during(lookup);
    clock.nowMs += 50;
    await lookups.untilNone(FOR_EVER_MS);
    end();
    await hanging;
  });

  it("lets long work go on beside a lookup that does not end", async () => {
    const lookups = lookupsFirst();
    const { lookup, end } = endless();
    const hanging = lookups.during(lookup);
    const pause = timeSlices({ lookups, sliceMs: 0 });
    let pieces = 0;
    for (; pieces < 5; pieces++) await pause();
    expect(pieces).to.equal(5);
    end();
    await hanging;
  });

  it("is given three times as long as the last piece took, which counts for 10 ms at most", async () => {
    const clock = { nowMs: 0 };
    const waits: number[] = [];
    const untilNone = (mostMs: number) => {
      waits.push(mostMs);
      return Promise.resolve();
    };
    const pause = timeSlices({ lookups: { untilNone }, nowMs: () => clock.nowMs });
    await pause();
    for (const pieceMs of [0.5, 4, 60_000]) {
      clock.nowMs += pieceMs;
      await pause();
    }
    // the slice was not over after the first piece
    expect(waits).to.deep.equal([0, 3 * 4.5, 30]);
  });
});
