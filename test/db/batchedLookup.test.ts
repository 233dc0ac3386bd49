import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { batchedLookup, textOfKey } from "../../src/db/batchedLookup.js";
import type { Node } from "../../src/ens/namehash.js";
import { expectRejection } from "../expectError.js";
import { bytes } from "./sampleNames.js";

/** A node that two bytes tell apart. */
function numbered(number: number): Node {
  const node = bytes(32, 0);
  node.set([number >> 8, number & 255]);
  return node;
}

describe("db/batchedLookup", () => {
  it("asks once for what is asked at once, each node once", async () => {
    const batches: string[][] = [];
    const lookup = batchedLookup<string>((nodes) => {
      batches.push(nodes.map(toHex));
      return Promise.resolve(new Map(nodes.map((node) => [textOfKey(node), `row ${toHex(node)}`])));
    });
    const rows = await Promise.all([1, 2, 1].map((fill) => lookup(bytes(1, fill))));
    expect(rows).to.deep.equal(["row 0x01", "row 0x02", "row 0x01"]);
    expect(batches).to.deep.equal([["0x01", "0x02"]]);
  });

  it("bounds the size and the number of batches under way, and answers all", async () => {
    let underWay = 0;
    let most = 0;
    const lookup = batchedLookup<number>(async (nodes) => {
      expect(nodes.length).to.be.at.most(256);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay--;
      return new Map(nodes.map((node) => [textOfKey(node), node.length]));
    });
    const nodes = Array.from({ length: 3_000 }, (_, i) => numbered(i));
    const rows = await Promise.all(nodes.map(lookup));
    expect(rows).to.deep.equal(nodes.map(() => 32));
    expect(most).to.equal(4);
  });

  it("lets few wait for what is under way, and asks for them together when it ends", async function () {
    // a machine that takes the 10 ms of their patience for one turn shows nothing
    this.retries(5);
    const { asked, lookup } = held();
    const first = lookup(numbered(0));
    await turn();
    const later = Array.from({ length: 15 }, (_, i) => lookup(numbered(i + 1)));
    await turn();
    expect(asked.map(({ size }) => size)).to.deep.equal([1]);
    asked[0]!.answer();
    await first;
    await turn();
    expect(asked.map(({ size }) => size)).to.deep.equal([1, 15]);
    asked[1]!.answer();
    await Promise.all(later);
  });

  it("asks at once for many, while something is under way", async () => {
    const { asked, lookup } = held();
    void lookup(numbered(0));
    await turn();
    for (let i = 1; i <= 16; i++) void lookup(numbered(i));
    await turn();
    expect(asked.map(({ size }) => size)).to.deep.equal([1, 16]);
  });

  it("lets nobody wait long behind a statement that is stuck", async () => {
    const { asked, lookup } = held();
    void lookup(numbered(0));
    await turn();
    const next = lookup(numbered(1));
    while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    asked[1]!.answer();
    expect(await next).to.equal(null);
  });

  it("tells every lookup of a batch that failed, and goes on with the next", async () => {
    let fail = true;
    const lookup = batchedLookup<string>(() =>
      fail ? Promise.reject(new Error("away")) : Promise.resolve(new Map()),
    );
    const outcomes = await Promise.allSettled([lookup(bytes(1, 1)), lookup(bytes(1, 2))]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    fail = false;
    expect(await lookup(bytes(1, 1))).to.equal(null);
  });

  it("tells those who have waited for a second, while the database hangs, that it does not keep up", async () => {
    const hanging: (() => void)[] = [];
    const lookup = batchedLookup<string>(
      () =>
        new Promise((resolve) =>
          hanging.push(() => {
            resolve(new Map());
          }),
        ),
    );
    // four batches of 256 are under way, the rest waits
    const startedMs = performance.now();
    const outcomes = Array.from({ length: 4 * 256 + 3 }, (_, i) =>
      lookup(numbered(i)).then(
        () => "answered",
        (error: unknown) => error,
      ),
    );
    const late = await Promise.race(outcomes);
    expect(late).to.have.property("code", "DATABASE_UNAVAILABLE");
    expect(performance.now() - startedMs).to.be.within(900, 3_000);
    for (const answer of hanging) answer();
    expect(
      (await Promise.all(outcomes)).filter((outcome) => outcome === "answered"),
    ).to.have.length(1024);
  });

  it("lets 10,000 wait and refuses the next at once", async () => {
    let answer = () => {};
    const lookup = batchedLookup<string>(
      () =>
        new Promise(
          (resolve) =>
            (answer = () => {
              resolve(new Map());
            }),
        ),
    );
    const waiting = Array.from({ length: 10_000 }, () => lookup(bytes(1, 1)).catch(() => null));
    await expectRejection(lookup(bytes(1, 2)), "DATABASE_UNAVAILABLE", /does not keep up/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer();
    expect(waiting).to.have.length(10_000);
  });
});

/** A database that answers when it is told to. */
function held() {
  const asked: { readonly size: number; readonly answer: () => void }[] = [];
  const lookup = batchedLookup<string>(
    (nodes) =>
      new Promise((resolve) => {
        const answer = () => {
          resolve(new Map());
        };
        asked.push({ size: nodes.length, answer });
      }),
  );
  return { asked, lookup };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
