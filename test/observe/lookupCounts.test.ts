import { expect } from "chai";
import type { ErrorCode } from "../../src/errors.js";
import { lookupCounts } from "../../src/observe/lookupCounts.js";

const CODES: readonly ErrorCode[] = ["INVALID_NAME", "DATABASE_UNAVAILABLE"];

describe("observe/lookupCounts", () => {
  it("counts by domain, function and source, and refusals by code", () => {
    const counts = lookupCounts(CODES);
    const text = { domain: "a.eth", functionName: "text" } as const;
    counts.answered({ ...text, from: "cache" }, 1);
    counts.answered({ ...text, from: "cache" }, 1);
    counts.answered({ ...text, from: "registry" }, 1);
    counts.answered({ domain: "b.eth", functionName: "multicall", from: "registry" }, 1);
    counts.refused("INVALID_NAME", 1);
    expect([...counts.lookups()]).to.deep.equal([
      { domain: "a.eth", function: "text", source: "registry", count: 1 },
      { domain: "a.eth", function: "text", source: "cache", count: 2 },
      { domain: "b.eth", function: "multicall", source: "registry", count: 1 },
      { domain: "b.eth", function: "multicall", source: "cache", count: 0 },
    ]);
    const refusals = new Map([...counts.refusals()].map(({ code, count }) => [code, count]));
    // every code is there from the beginning, so that the first of its kind is an increase
    expect([...refusals.keys()]).to.deep.equal(CODES);
    expect([...refusals].filter(([, count]) => count > 0)).to.deep.equal([["INVALID_NAME", 1]]);
    const { cache, registry, refused } = counts.durations;
    expect([cache.count, registry.count, refused.count]).to.deep.equal([2, 2, 1]);
  });

  it("knows the functions of the ABI, and calls every other unknown", () => {
    const counts = lookupCounts(CODES);
    for (const functionName of ["addr", "text", "multicall", "ABI", "0x12345678", "x".repeat(99)]) {
      counts.answered({ domain: "a.eth", functionName, from: "registry" }, 1);
    }
    const seen = [...counts.lookups()].filter(({ source }) => source === "registry");
    expect(seen.map((lookup) => [lookup.function, lookup.count])).to.deep.equal([
      ["addr", 1],
      ["text", 1],
      ["multicall", 1],
      ["ABI", 1],
      ["unknown", 2],
    ]);
  });

  it("makes no more series for more domains than it holds", () => {
    const counts = lookupCounts(CODES);
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 3000; index++) {
        const domain = `d${index}.eth`;
        counts.answered({ domain, functionName: "addr", from: "registry" }, 1);
      }
    }
    const seen = [...counts.lookups()].filter(({ source }) => source === "registry");
    // 1000 by name, and one for all others
    expect(seen).to.have.length(1001);
    expect(seen.at(-1)).to.include({ domain: "(others)", count: 4000 });
    expect(seen[0]).to.include({ domain: "d0.eth", count: 2 });
  });

  it("takes less than a microsecond for a lookup", () => {
    const counts = lookupCounts(CODES);
    const lookups = Array.from({ length: 50 }, (_, index) => ({
      domain: `d${index}.eth`,
      functionName: index % 2 === 0 ? "text" : "addr",
      from: index % 3 === 0 ? ("cache" as const) : ("registry" as const),
    }));
    const round = () => {
      const startedMs = performance.now();
      for (let count = 0; count < 2000; count++) {
        for (const lookup of lookups) counts.answered(lookup, 0.3);
      }
      return ((performance.now() - startedMs) * 1000) / (2000 * lookups.length);
    };
    // the best of some: the machine has other work, too
    const microseconds = Math.min(...Array.from({ length: 8 }, round));
    expect(microseconds).to.be.below(1);
  });
});
