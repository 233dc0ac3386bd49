import { expect } from "chai";
import pg from "pg";
import { isSignpostError } from "../../src/errors.js";
import { lookupIn } from "../../src/net/lookupIn.js";
import type { ListedSource } from "../../src/registry/sources/source.js";
import { openPostgresSource } from "../../src/source-postgres/openPostgresSource.js";
import { expectRejection } from "../expectError.js";
import {
  SERVICE_PASSWORD,
  SERVICE_USER,
  type ServicePostgres,
  startServicePostgres,
} from "./servicePostgres.js";

const HOSTILE = `x"); drop table users; --`;

describe("source-postgres/openPostgresSource", function () {
  this.timeout(180_000);
  let postgres: ServicePostgres;
  const opened: ListedSource[] = [];

  before(async () => {
    postgres = await startServicePostgres();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((source) => source.close()));
  });
  after(() => postgres.remove());

  function open(changes: object = {}, password = SERVICE_PASSWORD): ListedSource {
    const settings = postgres.settings(changes);
    const lookup = lookupIn(settings.network);
    const source = openPostgresSource({
      ...{ id: "7", domain: "users.example.eth", settings, password, lookup },
    });
    opened.push(source);
    return source;
  }
  const columns = (changes: object) => ({
    columns: { ...postgres.settings().columns, ...changes },
  });

  it("reads the mapped columns of the labels that it is asked for, and of no other one", async () => {
    await postgres.put("alice", { wallet: "0xAb", profile: "{}", avatar: "a.png", bio: null });
    await postgres.put("bob", { wallet: null, avatar: "" });
    await postgres.sql("update users set btc = '\\x0014aa' where username = 'bob'");
    const rows = await open().rowsOf(["alice", "bob", "nobody"]);
    expect([...rows.keys()].sort()).to.deep.equal(["alice", "bob"]);
    expect(rows.get("alice")).to.deep.equal({
      ...{ wallet: "0xAb", profile: "{}", contenthash: null },
      texts: new Map([["avatar", "a.png"]]),
      addresses: new Map(),
    });
    expect(rows.get("bob")).to.deep.equal({
      ...{ wallet: null, profile: null, contenthash: null },
      texts: new Map([["avatar", ""]]),
      addresses: new Map([["0", "0x0014aa"]]),
    });
  });

  it("compares exactly, or by lower(column) where the map says so", async () => {
    await postgres.put("Carol", { avatar: "c.png" });
    expect((await open().rowsOf(["carol"])).size).to.equal(0);
    const lower = await open(columns({ compare: "lower" })).rowsOf(["carol"]);
    expect(lower.get("carol")).to.have.property("texts");
  });

  it("says of a label that stands in several rows that it is ambiguous, however many those are", async () => {
    await postgres.sql("insert into users select 'twin' from generate_series(1, 100000)");
    await postgres.put("single", { avatar: "s.png" });
    const rows = await open().rowsOf(["twin", "single"]);
    expect(rows.get("twin")).to.equal("ambiguous");
    expect(rows.get("single")).to.have.property("texts");
    await postgres.sql("delete from users where username = 'twin'");
  });

  it("does not transfer a row that is too long: by its values together", async () => {
    const half = "x".repeat(8 * 1024);
    await postgres.put("exact", { avatar: half, bio: half });
    await postgres.put("long", { avatar: half, bio: `${half}y` });
    await postgres.put("huge", { avatar: "" });
    await postgres.sql("update users set bio = repeat('ü', 50000000) where username = 'huge'");
    const rows = await open().rowsOf(["exact", "long", "huge"]);
    expect(rows.get("exact")).to.have.property("texts");
    expect(rows.get("long")).to.equal("tooLarge");
    expect(rows.get("huge")).to.equal("tooLarge");
  });

  it("takes names of tables and columns for nothing but names", async () => {
    const quoted = `"${HOSTILE.replaceAll('"', '""')}"`;
    await postgres.sql(`
      create table ${quoted} (${quoted} text primary key, "__proto__" text, "select" text);
      insert into ${quoted} values ('alice', 'p', 's');
      grant select on ${quoted} to ${SERVICE_USER};`);
    const source = open({
      table: HOSTILE,
      columns: { label: HOSTILE, texts: { a: "__proto__", b: "select", c: HOSTILE } },
    });
    const rows = await source.rowsOf(["alice"]);
    expect(rows.get("alice")).to.deep.include({
      texts: new Map([
        ["a", "p"],
        ["b", "s"],
        ["c", "alice"],
      ]),
    });
    expect(await source.rowsOf([HOSTILE, "'; select 1; --"])).to.deep.equal(new Map());
    expect((await postgres.sql("select count(*) > 0 as there from users")).rows).to.have.length(1);
  });

  it("reads a view, a renamed table is an outage", async () => {
    await postgres.sql(`
      create view shown as select username as name, avatar from users where avatar <> '';
      grant select on shown to ${SERVICE_USER};`);
    await postgres.put("dora", { avatar: "d.png" });
    const source = open({
      table: "shown",
      columns: { label: "name", texts: { avatar: "avatar" } },
    });
    expect((await source.rowsOf(["dora"])).size).to.equal(1);
    await postgres.sql("alter view shown rename to hidden");
    const error = await expectRejection(
      source.rowsOf(["dora"]),
      "SOURCE_UNAVAILABLE",
      /SQLSTATE 42P01.*does not exist there any more/,
    );
    expect(error.details).to.deep.include({ source: "7", domain: "users.example.eth" });
    await postgres.sql("alter view hidden rename to shown");
    expect((await source.rowsOf(["dora"])).size).to.equal(1);
    await postgres.sql("drop view shown");
  });

  it("gives up on what is slow, and goes on afterwards", async () => {
    await postgres.sql(`
      create view slow as select username, avatar || pg_sleep(30)::text as avatar from users;
      grant select on slow to ${SERVICE_USER};`);
    await postgres.put("erin", { avatar: "e.png" });
    const source = open({
      table: "slow",
      columns: { label: "username", texts: { avatar: "avatar" } },
    });
    const startedMs = performance.now();
    await expectRejection(source.rowsOf(["erin"]), "SOURCE_UNAVAILABLE", /SQLSTATE 57014/);
    expect(performance.now() - startedMs).to.be.below(1_500);
    await postgres.sql("create or replace view slow as select username, avatar from users");
    expect((await source.rowsOf(["erin"])).size).to.equal(1);
  });

  it("writes nothing, whatever a view would", async () => {
    await postgres.sql(`
      create table written (at timestamptz);
      create function write() returns text language sql volatile security definer as
        $$ insert into written values (now()); select 'x'::text $$;
      create view writing as select username, write() as avatar from users;
      grant select on writing to ${SERVICE_USER};`);
    await postgres.put("frank", {});
    const source = open({
      table: "writing",
      columns: { label: "username", texts: { avatar: "avatar" } },
    });
    await expectRejection(source.rowsOf(["frank"]), "SOURCE_UNAVAILABLE", /SQLSTATE 25006/);
    expect((await postgres.sql("select * from written")).rows).to.deep.equal([]);
  });

  it("says why it is not let in, and nothing that the server said", async () => {
    const refused = await expectRejection(
      open({}, "wrong").rowsOf(["x"]),
      "SOURCE_UNAVAILABLE",
      /28P01/,
    );
    expect(JSON.stringify([refused.message, refused.details])).not.to.contain(SERVICE_USER);
    await postgres.sql("create table secret (username text)");
    await expectRejection(
      open({ table: "secret", columns: { label: "username" } }).rowsOf(["x"]),
      "SOURCE_UNAVAILABLE",
      /42501.*grants/,
    );
  });

  it("takes no password, user or option from the environment", async () => {
    const environment = {
      PGPASSWORD: SERVICE_PASSWORD,
      PGOPTIONS: "-c default_transaction_isolation=nonsense",
      PGUSER: "postgres",
    };
    await postgres.put("gina", {});
    Object.assign(process.env, environment);
    try {
      await expectRejection(open({}, "").rowsOf(["x"]), "SOURCE_UNAVAILABLE", /did not answer/);
      expect((await open().rowsOf(["gina"])).size).to.equal(1);
    } finally {
      for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    }
  });

  it("lists labels page by page, with those that stand in several rows", async () => {
    await postgres.sql(`
      create table listed (name text);
      insert into listed select 'n' || number from generate_series(10, 34) number;
      insert into listed values ('n20'), ('n20'), ('N11'), (repeat('x', 256)), (repeat('y', 255)), (null);
      create index on listed (name);
      grant select on listed to ${SERVICE_USER};`);
    const source = open({ table: "listed", columns: { label: "name" } });
    const seen: string[] = [];
    const repeated: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof source.labelsAfter>> = await source.labelsAfter(
        after,
        10,
      );
      for (const { label, isRepeated } of page) (isRepeated ? repeated : seen).push(label);
      after = page.at(-1)?.label ?? null;
      if (page.length < 10) break;
    }
    expect(repeated).to.deep.equal(["n20"]);
    expect(seen).to.have.length(26);
    expect(seen).to.include.members(["N11", "y".repeat(255)]);
  });

  it("fails for the one label whose row an expression of the view cannot take", async () => {
    await postgres.sql(`
      create view computed as select username, (100 / length(bio))::text as avatar from users;
      grant select on computed to ${SERVICE_USER};`);
    const labels = Array.from({ length: 9 }, (_, n) => `computed-${n}`);
    for (const label of labels) await postgres.put(label, { bio: "four" });
    await postgres.put("computed-3", { bio: "" });
    const source = open({
      table: "computed",
      columns: { label: "username", texts: { avatar: "avatar" } },
    });
    const rows = await source.rowsOf([...labels, "nobody"]);
    const failed = rows.get("computed-3");
    if (!isSignpostError(failed, "SOURCE_UNAVAILABLE")) throw new Error("it did not fail");
    expect(failed.details.reason).to.equal("SQLSTATE 22012");
    for (const label of labels.filter((one) => one !== "computed-3")) {
      expect(rows.get(label), label).to.have.property("texts");
    }
    expect(rows.has("nobody")).to.equal(false);
    await postgres.sql("drop view computed");
  });

  it("finds labels in a database of another encoding, where those that it cannot hold hold up nobody", async () => {
    await postgres.sql("create database western encoding 'LATIN1' locale 'C' template template0");
    const western = new pg.Client({
      connectionString: postgres.url.replace("/postgres?", "/western?"),
    });
    await western.connect();
    await western.query(`
      create table users (username text primary key, avatar text);
      insert into users values ('größe', 'ü.png'), ('anna', 'a.png');
      grant select on users to ${SERVICE_USER};`);
    await western.end();
    const columns = { label: "username", texts: { avatar: "avatar" } };
    const source = open({ database: "western", columns });
    const rows = await source.rowsOf(["größe", "👍", "anna", "名前", "nobody"]);
    expect(rows.get("größe")).to.deep.include({ texts: new Map([["avatar", "ü.png"]]) });
    expect(rows.get("anna")).to.have.property("texts");
    expect([...rows.keys()].sort()).to.deep.equal(["anna", "größe"]);
    expect(await source.rowsOf(["👍"])).to.deep.equal(new Map());
  });
});
