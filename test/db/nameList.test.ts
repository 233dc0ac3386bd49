import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { NAMES_OF_WALLET } from "../../src/db/nameList.js";
import { nameStore } from "../../src/db/nameStore.js";
import type { Address } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import type { NamePage, NameStore } from "../../src/registry/store.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";
import { putName } from "./putName.js";
import { bytes, sampleName } from "./sampleNames.js";

const DOMAIN = "users.example.eth";
const OTHER = "other.example.eth";
const wallet: Address = bytes(20, 0xa1);
const stranger: Address = bytes(20, 0xb2);

describe("db/nameList", () => {
  let database: MigratedPool;
  let store: NameStore;

  before(async () => {
    database = await openMigratedPool();
    store = nameStore(database.pool);
    for (const domain of [DOMAIN, OTHER]) {
      await database.pool.query("insert into domain (name) values ($1)", [domain]);
    }
    const put = (label: string, owner: Address | null, domain = DOMAIN) => {
      const name = `${label}.${domain}`;
      const addresses = new Map(owner ? [[60n, owner]] : []);
      return putName(store, {
        ...sampleName(label),
        ...{ name, domain, node: namehash(name), addresses },
      });
    };
    for (const label of ["b", "a", "d.deep", "c"]) await put(label, wallet);
    await put("theirs", stranger);
    await put("nobodys", null);
    await put("a", wallet, OTHER);
    // of an early version, without the address that it is made of
    await put(toHex(wallet), null);
    await put(`${toHex(wallet)}.sub`, null);
    await put(`${toHex(wallet).slice(0, -1)}0`, null);
    await put(toHex(stranger), wallet);
  });
  after(() => database.close());

  const everyPage = async (page: Partial<NamePage>, domain = DOMAIN) => {
    const found: string[] = [];
    let pages = 0;
    for (let after: string | null = ""; after !== null; pages++) {
      const { items, next } = await store.namesOfDomain(domain, {
        ...{ prefix: "", limit: 100 },
        ...page,
        after,
      });
      found.push(...items.map(({ name }) => name.slice(0, -domain.length - 1)));
      after = next;
    }
    return { found, pages };
  };

  it("lists the names that a wallet owns, in pages of any length, within the domain", async () => {
    const theirs = [
      `${toHex(wallet)}.sub`,
      toHex(wallet),
      toHex(stranger),
      "a",
      "b",
      "c",
      "d.deep",
    ];
    for (const limit of [1, 2, 3, 7, 100]) {
      const { found } = await everyPage({ owner: wallet, limit });
      expect(found, `pages of ${limit}`).to.deep.equal(theirs);
    }
    expect((await everyPage({ owner: wallet }, OTHER)).found).to.deep.equal(["a"]);
    expect((await everyPage({ owner: wallet, prefix: "d" })).found).to.deep.equal(["d.deep"]);
    expect((await everyPage({ owner: stranger })).found).to.deep.equal(["theirs"]);
    expect((await everyPage({ owner: bytes(20, 9) })).found).to.deep.equal([]);
  });

  it("finds them by an index", async () => {
    const connection = await database.pool.connect();
    await connection.query("set enable_seqscan = off; set enable_sort = off");
    const values = [DOMAIN, "", "", "\u{10ffff}", 2, toHex(wallet)];
    const { rows } = await connection.query<{ "QUERY PLAN": string }>(
      `explain ${NAMES_OF_WALLET}`,
      values,
    );
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).to.include("name_owner_domain_name").and.to.include("name_domain_name");
    connection.release(true);
  });

  it("finds a text inside names, before the domain, and takes it as it is", async () => {
    for (const label of ["find-me", "x-find", "fi_nd", "fi%nd", "fi\\nd"]) {
      const name = `${label}.${DOMAIN}`;
      await putName(store, { ...sampleName(label), name, node: namehash(name), domain: DOMAIN });
    }
    expect((await everyPage({ contains: "find" })).found).to.deep.equal(["find-me", "x-find"]);
    expect((await everyPage({ contains: "find", limit: 1 })).found).to.have.length(2);
    expect((await everyPage({ contains: "i_n" })).found).to.deep.equal(["fi_nd"]);
    expect((await everyPage({ contains: "%" })).found).to.deep.equal(["fi%nd"]);
    expect((await everyPage({ contains: "\\" })).found).to.deep.equal(["fi\\nd"]);
    expect((await everyPage({ contains: "example" })).found).to.deep.equal([]);
    expect((await everyPage({ contains: ".users" })).found).to.deep.equal([]);
    expect((await everyPage({ contains: "p", owner: wallet })).found).to.deep.equal(["d.deep"]);
  });

  it("reads so many names for a page, and misses none behind them", async () => {
    await database.pool.query(
      `insert into name (node, name, domain)
       select sha256(number::text::bytea), 'many-' || lpad(number::text, 6, '0') || '.' || $1, $1
       from generate_series(1, 45000) number`,
      [DOMAIN],
    );
    const { found, pages } = await everyPage({ contains: "y-04499" });
    expect(found).to.have.length(10);
    expect(pages).to.equal(3);
    const first = await store.namesOfDomain(DOMAIN, {
      ...{ prefix: "many-", after: "", limit: 5, contains: "zzz" },
    });
    expect(first.items).to.deep.equal([]);
    expect(first.next).to.equal(`many-020000.${DOMAIN}`);
    expect((await everyPage({ contains: "many-0", limit: 100 })).found).to.have.length(45_000);
  }).timeout(60_000);

  it("leave out what domains below hold, and are found as fast where there are thousands of those", async () => {
    const { pool } = database;
    await pool.query("insert into domain (name) values ('big.eth')");
    await pool.query(
      "insert into domain (name) select 'team' || i || '.big.eth' from generate_series(1, 3000) i",
    );
    const rows = `insert into name (node, name, domain, addresses)
      select sha256(label::bytea), label || '.big.eth', 'big.eth', '{}' from (select `;
    await pool.query(`${rows} 'n' || i as label from generate_series(1, 20000) i) labels`);
    // as an earlier build left them
    const held = ["team7", "x.team7", "y.x.team3000"];
    const stays = ["team3001", "x.team3001", "xteam7"];
    await pool.query(`${rows} unnest($1::text[]) as label) labels`, [[...held, ...stays]]);
    await pool.query("analyze");
    const startedMs = performance.now();
    const { found } = await everyPage({ contains: "team" }, "big.eth");
    expect(performance.now() - startedMs).to.be.below(5_000);
    expect(found).to.deep.equal(stays);
  });
});
