import { expect } from "chai";
import { normalizeName } from "../../src/ens/normalize.js";
import { SignpostError } from "../../src/errors.js";
import { type ServedDomains, servedDomains } from "../../src/gateway/servedDomains.js";
import type { ServedResolver } from "../../src/registry/domains/domain.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";

const RESOLVER = bytes(20, 1);

describe("gateway/servedDomains", () => {
  let nowMs: number;
  let reads: number;
  let table: ServedResolver[];
  let outage: SignpostError | null;
  let domains: ServedDomains;

  beforeEach(() => {
    nowMs = 1_000_000;
    reads = 0;
    table = [{ chainId: 1n, resolver: RESOLVER, domain: "a.eth" }];
    outage = null;
    const servedResolvers = () => {
      reads++;
      return outage ? Promise.reject(outage) : Promise.resolve([...table]);
    };
    domains = servedDomains({ servedResolvers }, () => nowMs);
  });

  const ask = (name = "x.a.eth", resolver = RESOLVER, chainId = 1n) =>
    domains.domainServing(chainId, resolver, name);

  it("serves the domain and what lies under it, for its resolver and chain only", async () => {
    for (const name of ["a.eth", "x.a.eth", "y.x.a.eth"]) await ask(name);
    for (const name of ["eth", "ba.eth", "x.b.eth", ""]) {
      await expectRejection(ask(name), "UNKNOWN_DOMAIN", /lies under no domain/);
    }
    await expectRejection(ask("x.a.eth", bytes(20, 2)), "UNKNOWN_RESOLVER", /0x0202.* chain 1 /);
    await expectRejection(ask("x.a.eth", RESOLVER, 2n), "UNKNOWN_RESOLVER", /chain 2 is not/);
  });

  it("lets one resolver answer for several domains", async () => {
    table.push({ chainId: 1n, resolver: RESOLVER, domain: "b.eth" });
    table.push({ chainId: 1n, resolver: bytes(20, 2), domain: "c.eth" });
    await ask("x.a.eth");
    await ask("x.b.eth");
    const { details } = await expectRejection(ask("x.c.eth"), "UNKNOWN_DOMAIN", /x\.c\.eth/);
    expect(details).to.deep.equal({ name: "x.c.eth" });
  });

  it("takes of nested domains the inner one, in whatever order they were added", async () => {
    const nested = ["x.a.eth", "a.eth"].map((domain) => ({ ...table[0]!, domain }));
    for (const order of [nested, nested.toReversed()]) {
      table = order;
      nowMs += 1000;
      expect(await ask("y.x.a.eth")).to.equal("x.a.eth");
      expect(await ask("x.a.eth")).to.equal("x.a.eth");
      expect(await ask("y.a.eth")).to.equal("a.eth");
    }
  });

  it("reads once for all that ask at the same moment, and once a second after that", async () => {
    await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect(reads).to.equal(1);
    nowMs += 999;
    await ask();
    expect(reads).to.equal(1);
    nowMs += 1;
    await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect(reads).to.equal(2);
  });

  it("counts the age of what it read from before the read", async () => {
    const slow = servedDomains(
      {
        servedResolvers: async () => {
          reads++;
          await Promise.resolve();
          nowMs += 600;
          return [...table];
        },
      },
      () => nowMs,
    );
    const askSlow = () => slow.domainServing(1n, RESOLVER, normalizeName("x.a.eth"));
    await askSlow();
    nowMs += 399;
    await askSlow();
    expect(reads).to.equal(1);
    nowMs += 1;
    await askSlow();
    expect(reads).to.equal(2);
  });

  it("sees a domain that was added, and one that was taken away, after a second", async () => {
    await ask();
    table = [{ chainId: 1n, resolver: RESOLVER, domain: "b.eth" }];
    await ask("x.a.eth");
    nowMs += 1000;
    await ask("x.b.eth");
    await expectRejection(ask("x.a.eth"), "UNKNOWN_DOMAIN", /x\.a\.eth/);
  });

  it("reads again when the clock was set back", async () => {
    await ask();
    table = [{ chainId: 1n, resolver: RESOLVER, domain: "b.eth" }];
    nowMs -= 3_600_000;
    await ask("x.b.eth");
    expect(reads).to.equal(2);
  });

  it("never takes an outage for an unknown resolver, and recovers by itself", async () => {
    outage = new SignpostError("DATABASE_UNAVAILABLE", "The database did not answer.");
    const asked = [ask(), ask("x.a.eth", bytes(20, 2))];
    for (const action of asked)
      await expectRejection(action, "DATABASE_UNAVAILABLE", /did not answer/);
    outage = null;
    await ask();
    nowMs += 1000;
    outage = new SignpostError("DATABASE_UNAVAILABLE", "The database did not answer.");
    await expectRejection(ask(), "DATABASE_UNAVAILABLE", /did not answer/);
  });
});
