import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { domainStore } from "../../../src/db/domainStore.js";
import { changeFeed } from "../../../src/db/feed/changeFeed.js";
import { endFeed } from "../../../src/db/feed/followedDomain.js";
import { numberChanges } from "../../../src/db/feed/numberChanges.js";
import { nameStore } from "../../../src/db/nameStore.js";
import type { Address } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import { apiKeyFrom, newApiKey } from "../../../src/registry/domains/apiKey.js";
import type { ChangedName, ChangeFeed, FeedPlace } from "../../../src/registry/feed/changeFeed.js";
import type { HandOverName } from "../../../src/registry/history/lockedName.js";
import type { NameStore } from "../../../src/registry/store.js";
import { expectRejection } from "../../expectError.js";
import { type MigratedPool, openMigratedPool } from "../migratedPool.js";
import { changeTo } from "../putName.js";
import { bytes, sampleName } from "../sampleNames.js";

const DOMAIN = "users.example.eth";
const OTHER = "other.example.eth";
const TEAM = `team.${DOMAIN}`;

describe("db/feed", () => {
  let database: MigratedPool;
  let store: NameStore;
  let feed: ChangeFeed;
  beforeEach(async () => {
    database = await openMigratedPool();
    store = nameStore(database.pool);
    feed = changeFeed(database.pool);
    for (const domain of [DOMAIN, OTHER]) {
      await database.pool.query("insert into domain (name) values ($1)", [domain]);
    }
  });
  afterEach(() => database.close());

  const sampleOf = (label: string, domain: string, url = "a") => {
    const name = normalizeName(`${label}.${domain}`);
    const texts = new Map([["url", url]]);
    return { ...sampleName(label), name, domain, node: namehash(name), texts };
  };
  /** As services write: with the domain's lock. `meanwhile` is awaited while the name is locked. */
  const write = (
    label: string,
    url: string | null,
    domain: string,
    meanwhile?: () => Promise<void>,
  ) => {
    const after = sampleOf(label, domain, url ?? "");
    const { node, name } = after;
    return store.changeNames(
      [{ node, place: { name, domain } }],
      (known) => ({ ...changeTo(known, after), ...(url === null && { after: null }) }),
      meanwhile,
    );
  };
  const put = (label: string, url = "a", domain = DOMAIN) => write(label, url, domain);
  const remove = (label: string) => write(label, null, DOMAIN);

  /** A change that is under way until it is told to end. */
  async function underWay(label: string, url: string | null = "a") {
    const [begun, goOn] = [gate(), gate()];
    const done = write(label, url, DOMAIN, async () => {
      begun.open();
      await goOn.opened;
    });
    await begun.opened;
    return async () => {
      goOn.open();
      await done;
    };
  }

  /** Page by page, until the end. */
  async function all(after: FeedPlace | null, limit = 3, domain = DOMAIN) {
    const changes: ChangedName[] = [];
    for (let at = after; ;) {
      const { place, isWhole } = await feed.open(domain, at);
      const piece = await feed.read(domain, place, limit);
      changes.push(...piece.changes);
      at = piece.place;
      if (isWhole && piece.changes.length < limit) return { changes, place: at };
    }
  }
  const shown = (changes: readonly ChangedName[]) =>
    changes.map(
      ({ stored }) => stored && `${stored.name.split(".")[0]} ${stored.texts.get("url")}`,
    );

  it("begins with every name that is there, and those that were written without a history", async () => {
    for (const label of ["c", "a", "e", "b", "d"]) await put(label);
    await put("elsewhere", "a", OTHER);
    await database.pool.query("delete from name_head where node = $1", [namehash(`a.${DOMAIN}`)]);
    for (const limit of [1, 2, 5, 6]) {
      const { changes } = await all(null, limit);
      expect(shown(changes)).to.deep.equal(["a a", "b a", "c a", "d a", "e a"]);
      expect(changes.map(({ entry }) => entry?.number ?? null)).to.deep.equal([null, 1, 1, 1, 1]);
    }
  });

  it("goes on with what changed, in its order, each name once and as it is now", async () => {
    await put("a");
    const { place } = await all(null);
    await put("b");
    await put("a", "b");
    await put("c");
    await put("a", "c");
    await put("elsewhere", "a", OTHER);
    const { changes, place: then } = await all(place);
    expect(shown(changes)).to.deep.equal(["b a", "c a", "a c"]);
    expect(changes.at(-1)?.entry).to.deep.include({ number: 3 });
    expect((await all(then)).changes).to.deep.equal([]);
    for (const one of changes) {
      const behind = await feed.read(DOMAIN, one.place, 1);
      expect(behind.changes).to.deep.equal(changes.slice(changes.indexOf(one) + 1).slice(0, 1));
    }
  });

  it("keeps nothing of a name that is gone but its node, and has it again when it is made again", async () => {
    await put("a");
    const { place } = await all(null);
    await remove("a");
    const gone = await all(place);
    expect(gone.changes).to.deep.equal([
      { place: gone.place, node: namehash(`a.${DOMAIN}`), stored: null, entry: null },
    ]);
    await put("a", "again");
    expect(shown((await all(gone.place)).changes)).to.deep.equal(["a again"]);
  });

  it("tells of what happens behind a follower who still reads the names that are there", async () => {
    for (const label of ["a", "b", "c", "d"]) await put(label);
    const { place: begin } = await feed.open(DOMAIN, null);
    const { changes, place } = await feed.read(DOMAIN, begin, 2);
    expect(shown(changes)).to.deep.equal(["a a", "b a"]);
    await remove("a");
    await remove("c");
    await put("b", "changed");
    await put("aa");
    expect(shown((await all(place)).changes)).to.deep.equal([
      "d a",
      null,
      null,
      "b changed",
      "aa a",
    ]);
  });

  it("loses no deletion that is under way while the names are read", async () => {
    for (const label of ["a", "b"]) await put(label);
    await all(null);
    const end = await underWay("b", null);
    const { changes, place } = await all(null);
    expect(shown(changes)).to.deep.equal(["a a", "b a"]);
    await end();
    expect(shown((await all(place)).changes)).to.deep.equal([null]);
  });

  it("begins behind every change that is under way", async () => {
    await put("a");
    const end = await underWay("a", "changed");
    const beginning = all(null);
    const waits = "select from pg_locks where locktype = 'advisory' and not granted";
    while ((await database.pool.query(waits)).rowCount === 0) await delay(5);
    await end();
    const { changes, place } = await beginning;
    expect(shown(changes)).to.include("a changed");
    await put("c");
    expect(shown((await all(place)).changes)).to.include("c a");
  });

  it("says that a name is gone where a domain below takes it, and tells nothing of it any more", async () => {
    await put("x.team");
    const { place } = await all(null);
    const domains = domainStore(database.pool);
    const served = { chainId: 1n, resolver: bytes(20, 1) as Address, domain: TEAM };
    await domains.addDomain(served, newApiKey(apiKeyFrom(bytes(32, 1))), handOver);
    const { changes, place: then } = await all(place);
    expect(shown(changes)).to.deep.equal([null]);
    await put("x", "b", TEAM);
    expect((await all(then)).changes).to.deep.equal([]);
    expect(shown((await all(null, 3, TEAM)).changes)).to.deep.equal(["x b"]);
  });

  it("skips nothing that commits later than what was written after it, and waits for nobody", async () => {
    await put("slow");
    const { place } = await all(null);
    const end = await underWay("slow", "changed");
    await put("quick");
    const { changes, place: then } = await all(place);
    expect(shown(changes)).to.deep.equal(["quick a"]);
    await end();
    expect(shown((await all(then)).changes)).to.deep.equal(["slow changed"]);
  });

  it("has a name that changes again while it has no number as it is then", async () => {
    const { place } = await all(null);
    await put("busy");
    const connection = await database.pool.connect();
    await connection.query("begin");
    await connection.query(`update name set texts = '{"url": "again"}'`);
    const between = await all(place);
    expect(between.changes).to.deep.equal([]);
    await connection.query("commit");
    connection.release();
    expect(shown((await all(between.place)).changes)).to.deep.equal(["busy again"]);
  });

  it("numbers so many at a time, and says that there are more", async () => {
    const { place } = await all(null);
    for (const label of ["a", "b", "c"]) await put(label);
    const first = await numberChanges(database.pool, DOMAIN, 2);
    expect(first).to.deep.equal({ last: 2n, isWhole: false });
    expect(shown((await feed.read(DOMAIN, place, 9)).changes)).to.deep.equal(["a a", "b a"]);
    const then = await numberChanges(database.pool, DOMAIN, 2);
    expect(then).to.deep.equal({ last: 3n, isWhole: true });
    expect(shown((await feed.read(DOMAIN, place, 9)).changes)).to.deep.equal(["a a", "b a", "c a"]);
  });

  it("loses nothing while several write and several read from its beginning", async function () {
    this.timeout(360_000);
    for (let index = 0; index < 30; index++) await put(`early-${index}`);
    const writing = Promise.all(
      [0, 1, 2, 3].map(async (writer) => {
        for (let index = 0; index < 40; index++) {
          await put(`name-${writer}-${index % 10}`, `${index}`);
          if (index === 35) await remove(`early-${writer}`);
        }
      }),
    );
    const state = { isWriting: true };
    void writing.then(() => (state.isWriting = false));
    const followers = [0, 1, 2].map(async () => {
      const seen = new Map<string, string>();
      let place: FeedPlace | null = null;
      const once = async () => {
        const { changes, place: then }: Awaited<ReturnType<typeof all>> = await all(place, 7);
        place = then;
        for (const { node, stored } of changes) {
          if (stored) seen.set(String(node), `${stored.name} ${stored.texts.get("url")}`);
          else seen.delete(String(node));
        }
      };
      while (state.isWriting) await once();
      await once();
      return [...seen.values()].sort();
    });
    const { items } = await store.namesOfDomain(DOMAIN, { prefix: "", after: "", limit: 200 });
    const [one, ...others] = await Promise.all(followers);
    const there = await store.namesOfDomain(DOMAIN, { prefix: "", after: "", limit: 200 });
    expect(items.length).to.be.at.most(70);
    const now = there.items.map(({ name, texts }) => `${name} ${texts.get("url")}`).sort();
    expect(now).to.have.length(66);
    for (const each of [one, ...others]) expect(each).to.deep.equal(now);
  });

  it("refuses a place of another domain, one that it never reached, and one from before a restore", async () => {
    await put("a");
    const { place } = await all(null);
    const elsewhere = await all(null, 3, OTHER);
    const outdated = (after: FeedPlace) =>
      expectRejection(feed.open(DOMAIN, after), "CURSOR_OUTDATED", /from its beginning/);
    await outdated(elsewhere.place);
    await outdated({ ...place, number: place.number + 1n });
    await outdated({ ...place, number: place.number + 1n, name: "a" });
    await database.pool.query("update followed_domain set place = 'another database'");
    await outdated(place);
    await put("b");
    expect(shown((await all(null)).changes)).to.deep.equal(["a a", "b a"]);
  });

  it("is another one where its table was made anew, as by a dump", async () => {
    const { place } = await all(null);
    await database.pool.query(`
      alter table changed_name drop constraint changed_name_domain_fkey;
      create table dumped (like followed_domain including all);
      insert into dumped select * from followed_domain;
      drop table followed_domain;
      alter table dumped rename to followed_domain`);
    await expectRejection(feed.open(DOMAIN, place), "CURSOR_OUTDATED", /restored/);
  });

  it("ends when it is told to, and begins anew then", async () => {
    await put("a");
    const { place } = await all(null);
    await put("a", "b");
    expect(await endFeed(database.pool, DOMAIN)).to.equal(true);
    expect(await endFeed(database.pool, DOMAIN)).to.equal(false);
    await put("a", "c");
    const count = await database.pool.query("select from changed_name");
    expect(count.rowCount).to.equal(0);
    await expectRejection(feed.open(DOMAIN, place), "CURSOR_OUTDATED", /from its beginning/);
    expect(shown((await all(null)).changes)).to.deep.equal(["a c"]);
  });

  it("notes nothing of a domain that nobody follows, and forgets all with the domain", async () => {
    const kept = async () => (await database.pool.query("select from changed_name")).rowCount;
    await put("a");
    await all(null);
    expect(await kept()).to.equal(0);
    await put("b", "a", OTHER);
    expect(await kept()).to.equal(0);
    await put("b");
    expect(await kept()).to.equal(1);
    await remove("a");
    await remove("b");
    await domainStore(database.pool).removeDomain(DOMAIN);
    expect(await kept()).to.equal(0);
    await expectRejection(feed.open(DOMAIN, null), "NOT_FOUND", /users.example.eth/);
  });

  it("costs writers no right on its tables", async () => {
    const { place } = await all(null);
    const role = `writer_${database.schema}`;
    const connection = await database.pool.connect();
    await connection.query(`
      create role ${role};
      grant usage on schema ${database.schema} to ${role};
      grant select, insert, update, delete on all tables in schema ${database.schema} to ${role};
      grant usage on all sequences in schema ${database.schema} to ${role};
      revoke all on changed_name, followed_domain from ${role}`);
    try {
      await connection.query(`set role ${role}`);
      await connection.query("insert into name (node, name, domain) values ($1, $2, $3)", [
        ...[namehash(`a.${DOMAIN}`), `a.${DOMAIN}`, DOMAIN],
      ]);
      await connection.query("delete from name");
    } finally {
      await connection.query(`reset role; drop owned by ${role}; drop role ${role}`);
      connection.release();
    }
    expect(shown((await all(place)).changes)).to.deep.equal([null]);
  });
});

const handOver: HandOverName = (known, { domain }) =>
  known.stored && changeTo(known, { ...known.stored, domain: domain.name });

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
