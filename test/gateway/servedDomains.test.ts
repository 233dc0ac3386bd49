import { expect } from "chai";
import { normalizeName } from "../../src/ens/normalize.js";
import { SignpostError } from "../../src/errors.js";
import { resolverKey } from "../../src/gateway/resolverKey.js";
import { type ServedDomains, servedDomains } from "../../src/gateway/servedDomains.js";
import type { AliasDomain } from "../../src/registry/domains/aliasDomain.js";
import type { DomainSource, ServedResolver, Serving } from "../../src/registry/domains/domain.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";

const RESOLVER = bytes(20, 1);

describe("gateway/servedDomains", () => {
  let nowMs: number;
  let reads: number;
  let table: ServedResolver[];
  /** Domains for which other resolvers answer, or none. */
  let others: string[];
  let aliases: AliasDomain[];
  let sources: DomainSource[];
  let outage: SignpostError | null;
  let domains: ServedDomains;

  beforeEach(() => {
    nowMs = 1_000_000;
    reads = 0;
    table = [{ chainId: 1n, resolver: RESOLVER, domain: "a.eth" }];
    others = [];
    aliases = [];
    sources = [];
    outage = null;
    const serving = () => {
      reads++;
      return outage ? Promise.reject(outage) : Promise.resolve(present());
    };
    domains = servedDomains({ serving }, () => nowMs);
  });

  const present = (): Serving => ({
    resolvers: [...table],
    domains: [...table.map(({ domain }) => domain), ...others],
    aliases: [...aliases],
    sources: [...sources],
  });
  const place = (name = "x.a.eth", resolver = RESOLVER, chainId = 1n) =>
    domains.placeOf(chainId, resolver, name);
  const ask = async (...asked: Parameters<typeof place>) => (await place(...asked)).domain;

  it("serves the domain and what lies under it, for its resolver and chain only", async () => {
    for (const name of ["a.eth", "x.a.eth", "y.x.a.eth"]) await ask(name);
    for (const name of ["eth", "ba.eth", "x.b.eth", ""]) {
      await expectRejection(ask(name), "UNKNOWN_DOMAIN", /lies under no domain/);
    }
    await expectRejection(ask("x.a.eth", bytes(20, 2)), "UNKNOWN_RESOLVER", /0x0202.* chain 1 /);
    await expectRejection(ask("x.a.eth", RESOLVER, 2n), "UNKNOWN_RESOLVER", /chain 2 is not/);
  });

  it("knows the source of the most specific domain, a second later at most", async () => {
    others = ["b.eth"];
    table.push({ chainId: 1n, resolver: RESOLVER, domain: "team.a.eth" });
    expect((await place()).source).to.equal(null);
    const source = { id: "7", domain: "a.eth" };
    sources = [source, { id: "8", domain: "b.eth" }];
    nowMs += 1000;
    expect((await place()).source).to.equal(source);
    expect((await place("x.team.a.eth")).source).to.equal(null);
    sources = [];
    nowMs += 1000;
    expect((await place()).source).to.equal(null);
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
        serving: async () => {
          reads++;
          await Promise.resolve();
          nowMs += 600;
          return present();
        },
      },
      () => nowMs,
    );
    const askSlow = () => slow.placeOf(1n, RESOLVER, normalizeName("x.a.eth"));
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

  describe("alias domains", () => {
    const alias = (name: string, domain: string) => aliases.push({ alias: name, domain });
    const stored = async (...asked: Parameters<typeof place>) => (await place(...asked)).storedName;

    it("stand for their domain, at any depth, and for nothing beside them", async () => {
      alias("z.eth", "a.eth");
      expect(await place("x.z.eth")).to.deep.equal({
        resolverKey: resolverKey(1n, RESOLVER),
        storedName: "x.a.eth",
        domain: "a.eth",
        source: null,
      });
      expect(await stored("z.eth")).to.equal("a.eth");
      expect(await stored("y.x.z.eth")).to.equal("y.x.a.eth");
      expect(await place("x.a.eth")).to.deep.equal({
        resolverKey: resolverKey(1n, RESOLVER),
        storedName: "x.a.eth",
        domain: "a.eth",
        source: null,
      });
      for (const name of ["eth", "bz.eth", "z.eth.b.eth"]) {
        await expectRejection(ask(name), "UNKNOWN_DOMAIN", /lies under no domain/);
      }
    });

    it("are answered for by the resolvers of their domain alone, on its chain", async () => {
      table.push({ chainId: 1n, resolver: bytes(20, 2), domain: "b.eth" });
      alias("z.eth", "a.eth");
      await expectRejection(ask("x.z.eth", bytes(20, 2)), "UNKNOWN_DOMAIN", /x\.z\.eth lies under/);
      await expectRejection(ask("x.z.eth", RESOLVER, 2n), "UNKNOWN_RESOLVER", /chain 2 is not/);
    });

    it("lead to nested domains as the domain does, each with its own resolver", async () => {
      table.push({ chainId: 1n, resolver: bytes(20, 2), domain: "team.a.eth" });
      alias("z.eth", "a.eth");
      expect(await place("x.team.z.eth", bytes(20, 2))).to.deep.equal({
        resolverKey: resolverKey(1n, bytes(20, 2)),
        storedName: "x.team.a.eth",
        domain: "team.a.eth",
        source: null,
      });
      await expectRejection(ask("x.z.eth", bytes(20, 2)), "UNKNOWN_DOMAIN", /x\.z\.eth lies under/);
    });

    it("below a domain take its place, and above one leave it its names", async () => {
      table.push({ chainId: 1n, resolver: RESOLVER, domain: "b.eth" });
      alias("old.b.eth", "a.eth");
      alias("eth", "a.eth");
      expect(await stored("x.old.b.eth")).to.equal("x.a.eth");
      expect(await stored("x.b.eth")).to.equal("x.b.eth");
      expect(await stored("x.new.eth")).to.equal("x.new.a.eth");
      expect(await stored("x.a.eth")).to.equal("x.a.eth");
    });

    it("do not reach into a domain below them, whoever answers for that", async () => {
      others.push("team.z.eth");
      alias("z.eth", "a.eth");
      expect(await stored("x.teams.z.eth")).to.equal("x.teams.a.eth");
      for (const name of ["team.z.eth", "x.team.z.eth"]) {
        await expectRejection(ask(name), "UNKNOWN_DOMAIN", /lies under no domain/);
      }
    });

    it("below the domain of another alias are followed, to an end", async () => {
      table.push({ chainId: 1n, resolver: RESOLVER, domain: "b.eth" });
      alias("z.eth", "a.eth");
      alias("b.a.eth", "b.eth");
      alias("a.b.eth", "a.eth");
      expect(await stored("x.b.z.eth")).to.equal("x.b.eth");
      expect(await stored("x.b.a.b.z.eth")).to.equal("x.b.eth");
      expect(await stored(`${"a.b.".repeat(200)}z.eth`)).to.equal("a.eth");
    });

    it("give way to a domain of the same name, as an older process may leave them", async () => {
      others.push("z.eth");
      alias("z.eth", "a.eth");
      await expectRejection(ask("x.z.eth"), "UNKNOWN_DOMAIN", /lies under no domain/);
    });

    it("come and go within a second", async () => {
      await expectRejection(ask("x.z.eth"), "UNKNOWN_DOMAIN", /lies under no domain/);
      alias("z.eth", "a.eth");
      nowMs += 1000;
      expect(await stored("x.z.eth")).to.equal("x.a.eth");
      aliases = [];
      sources = [];
      nowMs += 1000;
      await expectRejection(ask("x.z.eth"), "UNKNOWN_DOMAIN", /lies under no domain/);
    });
  });
});
