import { expect } from "chai";
import { admission } from "../../src/gateway/admission.js";
import { expectRejection } from "../expectError.js";

describe("gateway/admission", () => {
  /** Lookups that take their place and keep it until they are released. */
  function holding(places: number) {
    const gate = admission(places);
    const releases: (() => void)[] = [];
    const hold = (domain: string) =>
      gate.within(domain, () => new Promise<void>((resolve) => releases.push(resolve)));
    /** How many more places the domain gets. */
    const fill = async (domain: string) => {
      let got = 0;
      for (;;) {
        const refused = await Promise.race([
          hold(domain).then(
            () => false,
            () => true,
          ),
          new Promise<boolean>((resolve) => setImmediate(resolve, false)),
        ]);
        if (refused) return got;
        got++;
      }
    };
    return { gate, hold, fill, releases };
  }

  it("leaves half of the places free of a domain that floods alone, and a third of two", async () => {
    const { fill } = holding(100);
    expect(await fill("a.eth")).to.equal(50);
    // what is left is for whoever else comes
    expect(await fill("b.eth")).to.equal(25);
    expect(await fill("a.eth")).to.equal(0);
    expect(await fill("c.eth")).to.be.within(12, 13);
  });

  it("refuses by name, at once, and takes the domain again when a place is free", async () => {
    const { gate, fill, releases } = holding(4);
    expect(await fill("a.eth")).to.equal(2);
    const { details } = await expectRejection(
      gate.within("a.eth", () => Promise.resolve()),
      "OVERLOADED",
      /More lookups for a\.eth are under way .* ask the next gateway/,
    );
    expect(details).to.deep.equal({ domain: "a.eth" });
    expect(await gate.within("b.eth", () => Promise.resolve("answered"))).to.equal("answered");
    releases.pop()?.();
    await new Promise(setImmediate);
    expect(await gate.within("a.eth", () => Promise.resolve("again"))).to.equal("again");
  });

  it("gives a domain one more place for each that it gives back, and not more", async () => {
    const { fill, releases } = holding(100);
    expect(await fill("a.eth")).to.equal(50);
    for (let round = 0; round < 3; round++) {
      releases.pop()?.();
      await new Promise(setImmediate);
      expect(await fill("a.eth")).to.equal(1);
    }
  });

  it("gives a place back when a lookup fails", async () => {
    const gate = admission(2);
    for (let round = 0; round < 10; round++) {
      const failing = gate.within("a.eth", () => Promise.reject(new Error("lost")));
      expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal("lost");
    }
    expect(await gate.within("a.eth", () => Promise.resolve(1))).to.equal(1);
  });

  describe("by what answers cost", () => {
    const never = new Promise<never>(() => undefined);

    it("gives a domain as many fewer lookups as its answers are longer", async () => {
      const gate = admission(1024);
      let underWay = 0;
      const flood = (domain: string, answerBytes: number) =>
        gate.within(domain, (held) => {
          held.weigh(answerBytes);
          underWay++;
          return never;
        });
      const outcomes = Array.from({ length: 100 }, () => flood("dear.eth", 64 * 1024));
      await Promise.race(outcomes.map((each) => each.catch(() => "refused")));
      // 17 places each, of the half that it may have
      expect(underWay).to.equal(30);
      for (let index = 0; index < 100; index++) void flood("good.eth", 3000);
      expect(underWay).to.equal(130);
    });

    it("gives all of the places back, also when the answer had too many", async () => {
      const gate = admission(8);
      for (let round = 0; round < 5; round++) {
        await expectRejection(
          gate.within("a.eth", (held) => {
            held.weigh(64 * 1024);
            return Promise.resolve();
          }),
          "OVERLOADED",
          /ask the next gateway/,
        );
        const bytes = 3 * 4096;
        await gate.within("a.eth", (held) => {
          held.weigh(bytes);
          return Promise.resolve();
        });
      }
    });
  });
});
