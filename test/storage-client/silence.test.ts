import { expect } from "chai";
import { createPauses, type Pauses } from "../../src/storage-client/pauses.js";
import { silenceIn } from "../../src/storage-client/silence.js";

describe("who gives no answer", () => {
  let pauses: Pauses;
  beforeEach(() => {
    pauses = createPauses({ nowMs: () => 0, chance: () => 0 });
  });

  /**
   * A round, as "a b! c": b has no answer.
   * @returns how many were asked, and whether the storage is there
   */
  function round(text: string): readonly [asked: number, isThere: boolean] {
    const silence = silenceIn(pauses);
    const all = text.split(" ");
    for (const [index, one] of all.entries()) {
      const goesOn = !one.endsWith("!") || silence.unanswered(one.slice(0, -1));
      if (!goesOn) return [index + 1, false];
      if (!one.endsWith("!")) silence.answered();
    }
    return [all.length, silence.isThere()];
  }
  const failed = () =>
    ["a", "b", "c", "d", "e", "f", "g", "h"].filter((one) => pauses.hasFailed(one)).join("");

  it("is the storage, where nobody has one: two are asked", () => {
    expect(round("a! b! c! d!")).to.deep.equal([2, false]);
    expect(round("a!")).to.deep.equal([1, false]);
    expect(failed()).to.equal("");
  });

  it("is one conversation, where others have one, whether before it or after", () => {
    for (const text of ["a! b c", "b a! c", "b c a!"]) {
      expect(round(text), text).to.deep.equal([3, true]);
      expect(failed(), text).to.equal("a");
      pauses.succeeded("a");
    }
  });

  it("are two of them, also behind one another", () => {
    expect(round("a b! c! d e")).to.deep.equal([5, true]);
    expect(round("a d e b! c!")).to.deep.equal([5, true]);
    expect(failed()).to.equal("bc");
  });

  it("says nothing of the storage where others had one when it had none", () => {
    expect(round("a b! c!")).to.deep.equal([3, true]);
    expect(round("b! c!")).to.deep.equal([2, true]);
    expect(round("b! c! d!")).to.deep.equal([3, false]);
    expect(round("b! c! d! e! f!")).to.deep.equal([4, false]);
    pauses.succeeded("b");
    expect(round("b!")).to.deep.equal([1, false]);
  });

  it("is the storage that goes away in the middle of a round", () => {
    expect(round("a b c! d! e! f! g! h!")).to.deep.equal([6, false]);
    expect(failed()).to.equal("cd");
  });
});
