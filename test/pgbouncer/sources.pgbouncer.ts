/** A service whose Postgres is reached by its pgbouncer alone, in transaction mode. */
import { expect } from "chai";
import pg from "pg";
import { freePort } from "../../src/demo/freePort.js";
import { lookupIn } from "../../src/net/lookupIn.js";
import type { ListedSource } from "../../src/registry/sources/source.js";
import { inspect } from "../../src/source-postgres/inspect.js";
import { openPostgresSource } from "../../src/source-postgres/openPostgresSource.js";
import { expectRejection } from "../expectError.js";
import { type ServicePostgres, startServicePostgres } from "../source-postgres/servicePostgres.js";
import { type Bouncer, startBouncer } from "./bouncer.js";

const USER = "pooled";
const USERS = 200;

// what is said at the start of a connection the one refuses, and the other forgets
for (const ignored of ["", "options"]) {
  describe(`a source behind a pgbouncer that ignores ${ignored || "nothing"}`, () => {
    let postgres: ServicePostgres;
    let bouncer: Bouncer;
    let port: number;
    const opened: ListedSource[] = [];

    before(async () => {
      postgres = await startServicePostgres();
      await postgres.sql(`
        create role ${USER} login; grant select on users to ${USER};
        insert into users (username, avatar) select 'u' || n, n || '.png' from generate_series(1, ${USERS}) n;
        create table others (like users);
        insert into others (username, avatar) select username, 'other ' || avatar from users;
        create function write() returns text language sql volatile security definer as
          $$ insert into others (username) values ('written'); select 'x'::text $$;
        create view writing as select username, write() as avatar, btc from users;
        create view slow as select username, avatar || pg_sleep(30)::text as avatar, btc from users;
        grant select on others, writing, slow to ${USER};`);
      port = await freePort();
      bouncer = await startBouncer(postgres.url, { user: USER, database: "postgres" }, 2, {
        listen_addr: "127.0.0.1",
        listen_port: String(port),
        ...(ignored !== "" && { ignore_startup_parameters: ignored }),
      });
      console.log(`      pgbouncer ${bouncer.version}`);
    });
    afterEach(() => Promise.all(opened.splice(0).map((source) => source.close())));
    after(async () => {
      await bouncer.stop();
      await postgres.remove();
    });

    const columns = { label: "username", texts: { avatar: "avatar" }, addresses: { "0": "btc" } };
    const access = (table: string) => {
      const settings = postgres.settings({ port, user: USER, table, columns });
      const lookup = lookupIn(settings.network);
      return { id: "1", domain: "users.example.eth", settings, password: "", lookup };
    };
    const open = (table: string) => {
      const source = openPostgresSource(access(table));
      opened.push(source);
      return source;
    };
    const avatarOf = async (source: ListedSource, label: string) => {
      const row = (await source.rowsOf([label])).get(label);
      return typeof row === "object" && "texts" in row ? row.texts.get("avatar") : row;
    };

    it("has each its own rows, many at once, of two tables by one pooler", async () => {
      await postgres.sql("update users set btc = '\\x00aa' where username = 'u1'");
      const [users, others] = [open("users"), open("others")];
      const row = (await users.rowsOf(["u1"])).get("u1");
      expect(row).to.have.deep.property("addresses", new Map([["0", "0x00aa"]]));
      const labels = Array.from({ length: USERS }, (_, n) => `u${n + 1}`);
      for (let turn = 0; turn < 10; turn++) {
        const asked = labels.slice(20 * turn, 20 * (turn + 1));
        // four at once on two connections to Postgres
        const all = await Promise.all(
          [users, others, users, others].map((one) => one.rowsOf(asked)),
        );
        for (const [index, rows] of all.entries()) {
          const prefix = index % 2 === 0 ? "" : "other ";
          for (const label of asked) {
            const avatar = `${prefix}${label.slice(1)}.png`;
            expect(rows.get(label)).to.have.deep.property("texts", new Map([["avatar", avatar]]));
          }
        }
      }
      expect(await avatarOf(users, "nobody")).to.equal(undefined);
      expect(await users.labelsAfter(null, 5)).to.have.length(5);
    });

    it("only reads there, and gives up on what is slow, although the role's defaults would not", async () => {
      await expectRejection(open("writing").rowsOf(["u1"]), "SOURCE_UNAVAILABLE", /25006/);
      const startMs = performance.now();
      await expectRejection(open("slow").rowsOf(["u1"]), "SOURCE_UNAVAILABLE", /57014/);
      expect(performance.now() - startMs).to.be.below(1_500);
      expect(await avatarOf(open("users"), "u2")).to.equal("2.png");
    });

    it("leaves no transaction open, and no setting behind", async () => {
      const users = open("users");
      for (let n = 1; n < 20; n++) await avatarOf(users, `u${n}`);
      const { rows } = await postgres.sql(
        `select count(*)::int as open from pg_stat_activity where usename = '${USER}' and state like 'idle in%'`,
      );
      expect(rows).to.deep.equal([{ open: 0 }]);
      const another = new pg.Client({
        connectionString: `postgresql://${USER}@127.0.0.1:${port}/postgres`,
      });
      await another.connect();
      const shown = await another.query<object>("show default_transaction_read_only");
      expect(shown.rows).to.deep.equal([{ default_transaction_read_only: "off" }]);
      await another.end();
    });

    it("can be looked at before it is added", async () => {
      const { faults } = await inspect(access("users"));
      expect(faults).to.deep.equal([]);
    });

    it("is an outage while Postgres is away behind it, and goes on afterwards", async () => {
      const users = open("users");
      expect(await avatarOf(users, "u3")).to.equal("3.png");
      await postgres.server.stop();
      await expectRejection(users.rowsOf(["u3"]), "SOURCE_UNAVAILABLE", /did not answer/);
      await postgres.server.start();
      for (let attempt = 0; ; attempt++) {
        const avatar = await avatarOf(users, "u3").catch(() => null);
        if (avatar === "3.png") break;
        if (attempt === 50) throw new Error("It did not come back.");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
  });
}
