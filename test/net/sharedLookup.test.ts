import type { LookupAddress, LookupAllOptions } from "node:dns";
import { expect } from "chai";
import { sharedLookup } from "../../src/net/sharedLookup.js";

const ALL: LookupAllOptions = { all: true };
const FOUND: LookupAddress[] = [{ address: "127.0.0.1", family: 4 }];

type Told = (error: Error | null, addresses: LookupAddress[]) => void;

describe("net/sharedLookup", () => {
  /** Of each question under way: how it is answered. */
  const underWay: { hostname: string; tell: Told }[] = [];
  const lookup = sharedLookup((hostname, _options, tell) => underWay.push({ hostname, tell }));
  const ask = (hostname: string, options = ALL) =>
    new Promise<LookupAddress[]>((resolve, reject) => {
      lookup(hostname, options, (error, addresses) => {
        if (error === null) resolve(addresses);
        else reject(error);
      });
    });

  it("asks once for all who wait, and anew for those who come later", async () => {
    const first = [ask("a"), ask("a"), ask("b"), ask("a", { all: true, family: 4 })];
    expect(underWay.map(({ hostname }) => hostname)).to.deep.equal(["a", "b", "a"]);
    for (const { tell } of underWay.splice(0)) tell(null, FOUND);
    expect(await Promise.all(first)).to.deep.equal([FOUND, FOUND, FOUND, FOUND]);
    const second = ask("a");
    expect(underWay).to.have.length(1);
    underWay.pop()!.tell(null, []);
    expect(await second).to.deep.equal([]);
  });

  it("tells all of a failure, and remembers none", async () => {
    const both = Promise.allSettled([ask("a"), ask("a")]);
    underWay.pop()!.tell(new Error("no such host"), []);
    expect((await both).map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    const again = ask("a");
    underWay.pop()!.tell(null, FOUND);
    expect(await again).to.deep.equal(FOUND);
  });
});
