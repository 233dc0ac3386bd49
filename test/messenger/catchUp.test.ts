import { expect } from "chai";
import fc from "fast-check";
import { SignpostError } from "../../src/errors.js";
import { type CatchUp, createCatchUp } from "../../src/messenger/catchUp.js";
import type { MailboxPage } from "../../src/messenger/relayNodeApi.js";
import { expectRejection } from "../expectError.js";

const PAGE = 10;
const MINUTE = 60_000;

/** A mailbox of numbers, whose cursors are how many lie before. */
class Mailbox {
  readonly asked: string[] = [];
  readonly taken: number[] = [];
  nowMs = 1_000_000;
  sooner = 0;
  /** Runs before each page, and may throw. */
  before: (after: string) => void = () => undefined;
  page: (after: string) => MailboxPage = (after) => {
    const start = Number(after);
    const envelopes = this.kept.slice(start, start + PAGE);
    return { envelopes, next: String(start + envelopes.length) };
  };
  readonly catchUp: CatchUp = createCatchUp({
    ...{ nowMs: () => this.nowMs, chance: () => 0, isStopping: () => false },
    onSooner: () => (this.sooner += 1),
    pageAfter: (after) => {
      this.asked.push(after);
      this.before(after);
      return Promise.resolve(this.page(after));
    },
    takePage: ({ envelopes }) => {
      this.taken.push(...(envelopes as number[]));
      return Promise.resolve();
    },
  });
  constructor(public kept: readonly number[]) {}
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const cut = () =>
  new SignpostError("UNREACHABLE", "The relay node was cut off. Try again.", { reason: "cut" });
const refusal = () =>
  new SignpostError("RELAY_NODE_REFUSED", "The relay node knows no such cursor.", {
    ...{ relayNode: "ds.example.eth", status: 400 },
  });

describe("messenger: catching up", () => {
  it("takes everything once and in order, however often it is cut off, and asks for no page twice but for those", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 95 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        async (count, cuts) => {
          const mailbox = new Mailbox(numbers(count));
          const left = [...cuts];
          mailbox.before = () => {
            if (left.shift() === true) throw cut();
          };
          for (let rounds = 0; rounds < 45; rounds++) await mailbox.catchUp.round().catch(() => 0);
          expect(mailbox.taken).to.deep.equal(numbers(count));
          const full = mailbox.asked.filter((after) => Number(after) + PAGE <= count).length;
          expect(full).to.be.at.most(Math.floor(count / PAGE) + cuts.filter(Boolean).length);
        },
      ),
    );
  });

  it("reads only what is new in a later round", async () => {
    const mailbox = new Mailbox(numbers(35));
    await mailbox.catchUp.round();
    mailbox.asked.length = 0;
    mailbox.kept = numbers(37);
    await mailbox.catchUp.round();
    expect(mailbox.asked).to.deep.equal(["35", "37"]);
    expect(mailbox.taken).to.deep.equal(numbers(37));
  });

  it("begins anew for what stays, after a quarter of an hour", async () => {
    const mailbox = new Mailbox(numbers(3));
    await mailbox.catchUp.round();
    expect(mailbox.catchUp.restMs()).to.equal(15 * MINUTE);
    mailbox.nowMs += 15 * MINUTE - 1;
    await mailbox.catchUp.round();
    expect(mailbox.taken).to.deep.equal([0, 1, 2]);
    mailbox.nowMs += 1;
    await mailbox.catchUp.round();
    expect(mailbox.taken).to.deep.equal([0, 1, 2, 0, 1, 2]);
    expect(mailbox.catchUp.restMs()).to.equal(15 * MINUTE);
  });

  it("begins anew sooner for what is open, and less often the longer it is", async () => {
    const mailbox = new Mailbox(numbers(1));
    const rests: number[] = [];
    for (let times = 0; times < 9; times++) {
      await mailbox.catchUp.round();
      mailbox.catchUp.noteOpen();
      mailbox.catchUp.noteOpen();
      rests.push(mailbox.catchUp.restMs() / 1_000);
      mailbox.nowMs += mailbox.catchUp.restMs();
    }
    expect(rests).to.deep.equal([40, 80, 160, 320, 640, 900, 900, 900, 900]);
    expect(mailbox.sooner).to.equal(9);
    // nothing is open any more
    await mailbox.catchUp.round();
    mailbox.nowMs += mailbox.catchUp.restMs();
    await mailbox.catchUp.round();
    mailbox.catchUp.noteOpen();
    expect(mailbox.catchUp.restMs()).to.equal(40_000);
  });

  it("begins anew where the relay node does not know the cursor", async () => {
    const mailbox = new Mailbox(numbers(12));
    await mailbox.catchUp.round();
    mailbox.asked.length = 0;
    mailbox.before = (after) => {
      if (after !== "") throw refusal();
    };
    await expectRejection(mailbox.catchUp.round(), "RELAY_NODE_REFUSED", /cursor/);
    mailbox.before = () => undefined;
    await mailbox.catchUp.round();
    expect(mailbox.asked).to.deep.equal(["12", "", "10", "12"]);
  });

  for (const [name, next] of [
    ["ever new cursors", (after: string) => `${after}1`.slice(-200) + String(after.length % 7)],
    ["two cursors in turn", (after: string) => (after === "a" ? "b" : "a")],
  ] as const) {
    it(`ends a round of pages without end: ${name}`, async () => {
      const mailbox = new Mailbox([]);
      mailbox.page = (after) => ({ envelopes: [1], next: next(after) });
      await mailbox.catchUp.round();
      expect(mailbox.asked).to.have.length(100);
      await mailbox.catchUp.round();
      expect(mailbox.asked).to.have.length(200);
    });
  }

  it("ends a round where the cursor stands still", async () => {
    const mailbox = new Mailbox([]);
    mailbox.page = () => ({ envelopes: [1], next: "x" });
    await mailbox.catchUp.round();
    expect(mailbox.asked).to.deep.equal(["", "x"]);
  });
});
