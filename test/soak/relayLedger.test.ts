import { expect } from "chai";
import { agree, ledger } from "../../scripts/soak/relay/ledger.js";
import { memoryOf } from "../../scripts/soak/relay/report.js";

describe("soak of the relay node: the sets of ids", () => {
  it("agree where each accepted one was delivered once, and the others were refused", () => {
    const book = ledger();
    for (const id of ["m1", "m2"]) book.accepted(id);
    book.refused("m3", "unwanted");
    expect(book.missing()).to.deep.equal(["m1", "m2"]);
    for (const id of ["m2", "m1"]) book.delivered(id);
    expect(book.decided()).to.equal(3);
    const differences = book.differences();
    expect(differences).to.deep.include({ accepted: 2, delivered: 2, refused: { unwanted: 1 } });
    expect(agree(differences)).to.equal(true);
  });

  const wrongs = {
    missing: (book: ReturnType<typeof ledger>) => {
      book.accepted("m1");
    },
    doubled: (book: ReturnType<typeof ledger>) => {
      book.accepted("m1");
      book.delivered("m1");
      book.delivered("m1");
    },
    unasked: (book: ReturnType<typeof ledger>) => {
      book.delivered("m1");
    },
    contradicted: (book: ReturnType<typeof ledger>) => {
      book.accepted("m1");
      book.delivered("m1");
      book.refused("m1", "limit");
    },
  } as const;
  for (const [what, happen] of Object.entries(wrongs)) {
    it(`tell what is ${what}`, () => {
      const book = ledger();
      happen(book);
      const differences = book.differences();
      expect(differences[what as keyof typeof wrongs]).to.deep.equal(["m1"]);
      expect(agree(differences)).to.equal(false);
    });
  }
});

describe("soak of the relay node: memory", () => {
  const MIB = 2 ** 20;
  const samples = (endMib: number) =>
    Array.from({ length: 101 }, (_, at) => ({
      atMs: at,
      bytes: (100 + (at / 100) * (endMib - 100)) * MIB,
    }));
  const run = { quarterMs: 25, sentMs: 100 };

  it("is flat where the end is near the first quarter", () => {
    expect(memoryOf(samples(120), run)?.isFlat).to.equal(true);
    expect(memoryOf(samples(200), run)?.isFlat).to.equal(false);
  });

  it("is not judged by a few samples", () => {
    expect(memoryOf(samples(120).slice(0, 50), run)).to.equal(null);
  });
});
