import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import {
  gatheredRows,
  MOST_WAITING,
  PATIENCE_MS,
  WORTH_A_QUESTION,
} from "../../../src/registry/sources/gatheredRows.js";
import { MOST_LABELS, type SourceRow } from "../../../src/registry/sources/source.js";
import { expectRejection } from "../../expectError.js";

const SOURCE = { id: "1", domain: "users.example.eth" };
const ROW: SourceRow = {
  ...{ wallet: null, profile: null, contenthash: null },
  ...{ texts: new Map(), addresses: new Map() },
};

describe("registry/sources/gatheredRows", () => {
  let nowMs: number;
  /** The questions that are under way. */
  let asked: { labels: readonly string[]; answer: () => void; fail: () => void }[];
  let rows: ReturnType<typeof gatheredRows>;
  let timers: { look: () => void; ms: number }[];

  beforeEach(() => {
    nowMs = 1_000_000;
    asked = [];
    timers = [];
    rows = gatheredRows(
      SOURCE,
      {
        rowsOf: (labels) =>
          new Promise((resolve, reject) => {
            asked.push({
              labels,
              answer: () => {
                resolve(new Map(labels.filter((one) => one !== "nobody").map((one) => [one, ROW])));
              },
              fail: () => {
                const details = { source: "1", domain: SOURCE.domain, reason: "gone" };
                reject(new SignpostError("SOURCE_UNAVAILABLE", "It is gone.", details));
              },
            });
          }),
      },
      {
        nowMs: () => nowMs,
        inNextTurn: setImmediate,
        after: (look, ms) => {
          timers.push({ look, ms });
        },
      },
    );
  });

  const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  const unavailable = (lookup: Promise<unknown>, sentence = /It is gone/) =>
    expectRejection(lookup, "SOURCE_UNAVAILABLE", sentence);

  it("asks once for all labels of one turn, each of them once", async () => {
    const lookups = ["a", "b", "a", "nobody"].map(rows.rowOf);
    await turn();
    expect(asked.map(({ labels }) => labels)).to.deep.equal([["a", "b", "nobody"]]);
    asked[0]!.answer();
    expect(await Promise.all(lookups)).to.deep.equal([ROW, ROW, ROW, null]);
  });

  it("has two questions under way, and takes further labels together after them", async () => {
    const labels = Array.from({ length: 3 * MOST_LABELS }, (_, index) => `l${index}`);
    const lookups = labels.map(rows.rowOf);
    await turn();
    expect(asked.map((one) => one.labels.length)).to.deep.equal([MOST_LABELS, MOST_LABELS]);
    asked[0]!.answer();
    await turn();
    expect(asked).to.have.length(3);
    for (const one of asked) one.answer();
    expect(await Promise.all(lookups)).to.have.length(labels.length);
  });

  it("lets few labels wait for a question under way, and many make the next one", async () => {
    const first = rows.rowOf("first");
    await turn();
    const few = Array.from({ length: WORTH_A_QUESTION - 1 }, (_, index) => rows.rowOf(`l${index}`));
    await turn();
    expect(asked).to.have.length(1);
    const last = rows.rowOf("last");
    await turn();
    expect(asked.map(({ labels }) => labels.length)).to.deep.equal([1, WORTH_A_QUESTION]);
    for (const one of asked) one.answer();
    expect(await Promise.all([first, ...few, last])).to.have.length(WORTH_A_QUESTION + 1);
  });

  it("asks for few labels as soon as the question under way ends, or was waited for long enough", async () => {
    const lookups = [rows.rowOf("first")];
    await turn();
    lookups.push(rows.rowOf("second"));
    await turn();
    asked[0]!.answer();
    await turn();
    expect(asked.map(({ labels }) => labels)).to.deep.equal([["first"], ["second"]]);

    lookups.push(rows.rowOf("third"));
    await turn();
    expect(asked).to.have.length(2);
    expect(timers.map(({ ms }) => ms)).to.deep.equal([PATIENCE_MS]);
    timers[0]!.look();
    await turn();
    expect(asked[2]?.labels).to.deep.equal(["third"]);
    for (const one of asked) one.answer();
    expect(await Promise.all(lookups)).to.deep.equal([ROW, ROW, ROW]);
  });

  it("fails at once with too many waiting", async () => {
    const lookups = Array.from({ length: MOST_WAITING }, (_, index) => rows.rowOf(`l${index}`));
    await unavailable(rows.rowOf("more"), /does not keep up/);
    for (let round = 0; round < 3; round++) {
      await turn();
      for (const one of asked) one.answer();
    }
    await Promise.all(lookups);
  });

  it("fails all who wait with the question that failed, and everybody for a while", async () => {
    const lookups = Array.from({ length: 3 * MOST_LABELS }, (_, index) => rows.rowOf(`l${index}`));
    const failures = Promise.all(lookups.map((lookup) => unavailable(lookup)));
    await turn();
    asked[0]!.fail();
    await turn();
    asked[1]!.fail();
    await failures;
    expect(asked).to.have.length(2);

    await unavailable(rows.rowOf("a"));
    nowMs += 499;
    await unavailable(rows.rowOf("a"));
    expect(asked).to.have.length(2);

    nowMs += 1;
    const first = rows.rowOf("a");
    await turn();
    expect(asked).to.have.length(3);
    // only one finds out
    await unavailable(rows.rowOf("b"));
    asked[2]!.answer();
    expect(await first).to.equal(ROW);
    const next = rows.rowOf("b");
    await turn();
    asked[3]!.answer();
    expect(await next).to.equal(ROW);
  });
});
