import { expect } from "chai";
import type { FoundRow } from "../../../src/registry/sources/gatheredRows.js";
import { rememberedRows } from "../../../src/registry/sources/rememberedRows.js";
import type { SourceRow } from "../../../src/registry/sources/source.js";

const FRESH_MS = 60_000;

describe("registry/sources/rememberedRows", () => {
  let nowMs = 0;
  let asked: string[] = [];
  /** Those that wait for an answer, in the order in which they asked. */
  let waiting: { answer: (row: FoundRow) => void; fail: (error: Error) => void }[] = [];

  beforeEach(() => {
    nowMs = 1_000_000;
    asked = [];
    waiting = [];
  });

  const open = (freshMs = FRESH_MS) =>
    rememberedRows(
      {
        rowOf: (label) => {
          asked.push(label);
          return new Promise((answer, fail) => waiting.push({ answer, fail }));
        },
      },
      freshMs,
      () => nowMs,
    );
  const row = (avatar: string): SourceRow => ({
    ...{ wallet: null, profile: null, contenthash: null, addresses: new Map() },
    texts: new Map([["avatar", avatar]]),
  });
  const answered = async (question: Promise<FoundRow>, found: FoundRow) => {
    waiting.at(-1)!.answer(found);
    return await question;
  };

  it("gives a row again until it is as old as the service chose, and asks then", async () => {
    const rows = open();
    await answered(rows.rowOf("alice"), row("1"));
    nowMs += FRESH_MS - 1;
    expect(await rows.rowOf("alice")).to.deep.equal(row("1"));
    expect(asked).to.have.length(1);
    nowMs += 1;
    expect(await answered(rows.rowOf("alice"), row("2"))).to.deep.equal(row("2"));
    expect(asked).to.have.length(2);
  });

  it("remembers as well that there is no row, and none that can be used", async () => {
    const rows = open();
    for (const found of [null, "ambiguous"] as const) {
      const label = String(found);
      await answered(rows.rowOf(label), found);
      expect(await rows.rowOf(label)).to.equal(found);
    }
    expect(asked).to.have.length(2);
  });

  it("counts from when it was asked, not from when the answer came", async () => {
    const rows = open();
    const question = rows.rowOf("alice");
    nowMs += 2_000;
    await answered(question, row("1"));
    nowMs += FRESH_MS - 2_000;
    void rows.rowOf("alice");
    expect(asked).to.have.length(2);
  });

  it("asks again where it is told to, whatever it remembers, and remembers that", async () => {
    const rows = open();
    await answered(rows.rowOf("alice"), row("1"));
    expect(await answered(rows.askAgain("alice"), row("2"))).to.deep.equal(row("2"));
    expect(await rows.rowOf("alice")).to.deep.equal(row("2"));
    expect(asked).to.have.length(2);
  });

  it("does not remember an older answer over a newer one that overtook it", async () => {
    const rows = open();
    const slow = rows.rowOf("alice");
    nowMs += 500;
    await answered(rows.askAgain("alice"), row("new"));
    waiting[0]!.answer(row("old"));
    expect(await slow).to.deep.equal(row("old"));
    expect(await rows.rowOf("alice")).to.deep.equal(row("new"));
    expect(asked).to.have.length(2);
  });

  it("remembers nothing of what failed, nor a row that was there before", async () => {
    const rows = open();
    await answered(rows.rowOf("alice"), row("1"));
    nowMs += FRESH_MS;
    const failing = rows.rowOf("alice");
    waiting.at(-1)!.fail(new Error("gone"));
    expect(await failing.catch((error: unknown) => String(error))).to.equal("Error: gone");
    void rows.rowOf("alice");
    expect(asked).to.have.length(3);
  });

  it("asks when the clock was set back: the age is not known then", async () => {
    const rows = open();
    await answered(rows.rowOf("alice"), row("1"));
    nowMs -= 10_000;
    expect(await answered(rows.rowOf("alice"), row("2"))).to.deep.equal(row("2"));
    expect(asked).to.have.length(2);
    nowMs += 10_000;
    expect(await rows.rowOf("alice")).to.deep.equal(row("2"));
  });

  it("remembers nothing where a row counts for a second only", async () => {
    const rows = open(1_000);
    await answered(rows.rowOf("alice"), row("1"));
    void rows.rowOf("alice");
    expect(asked).to.have.length(2);
  });

  it("holds a bounded amount: the oldest go, of long rows as of labels without any", async () => {
    for (const [found, count] of [
      [row("x".repeat(16_000)), 1_000],
      [null, 20_000],
    ] as const) {
      asked = [];
      const rows = open();
      for (let n = 0; n < count; n++) await answered(rows.rowOf(`user-${n}`), found);
      await rows.rowOf(`user-${count - 1}`);
      await rows.rowOf(`user-${count - 200}`);
      expect(asked).to.have.length(count);
      void rows.rowOf("user-0");
      expect(asked).to.have.length(count + 1);
    }
  });
});
