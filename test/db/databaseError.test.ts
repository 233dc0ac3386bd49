import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect } from "chai";
import { fromDatabase } from "../../src/db/databaseError.js";
import { openPool } from "../../src/db/pool.js";
import { expectError, expectRejection } from "../expectError.js";
import { type MigratedPool, openMigratedPool } from "./migratedPool.js";

describe("db/databaseError", () => {
  let database: MigratedPool;

  before(async () => {
    database = await openMigratedPool();
  });

  after(() => database.close());

  const ask = (sql: string, values?: unknown[]) => fromDatabase(database.pool.query(sql, values));

  describe("is unavailable", () => {
    it("when nothing listens", async () => {
      const pool = openPool({ url: "postgresql://u:hunter2@127.0.0.1:1/d" });
      const action = fromDatabase(pool.query("select 1"));
      const error = await expectRejection(action, "DATABASE_UNAVAILABLE", /ECONNREFUSED/);
      expect(`${error.message}${JSON.stringify(error.details)}`).not.to.contain("hunter2");
      await pool.end();
    });

    it("when the socket does not exist", async () => {
      const pool = openPool({ url: "postgresql://u@localhost/d?host=%2Fnowhere" });
      await expectRejection(
        fromDatabase(pool.query("select 1")),
        "DATABASE_UNAVAILABLE",
        /ENOENT.*DATABASE_URL/,
      );
      await pool.end();
    });

    it("when the database takes no connections", async () => {
      const name = `closed_${process.pid}`;
      await database.pool.query(`create database ${name} allow_connections false`);
      const url = new URL(database.url);
      url.pathname = `/${name}`;
      const pool = openPool({ url: url.href });
      try {
        await expectRejection(
          fromDatabase(pool.query("select 1")),
          "DATABASE_UNAVAILABLE",
          /55000.*takes no connections now/,
        );
      } finally {
        await pool.end();
        await database.pool.query(`drop database ${name}`);
      }
    });

    it("when a server accepts and never answers", async () => {
      const silent = createServer().listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as AddressInfo;
      const url = `postgresql://u@127.0.0.1:${port}/d`;
      const pool = openPool({ url, connectTimeoutMs: 100 });
      const action = fromDatabase(pool.query("select 1"));
      await expectRejection(action, "DATABASE_UNAVAILABLE", /connection timeout/);
      await pool.end();
      silent.close();
    });

    it("when all connections of the pool stay busy", async () => {
      const pool = openPool({ url: database.url, maxConnections: 1, connectTimeoutMs: 100 });
      const busy = await pool.connect();
      await expectRejection(
        fromDatabase(pool.query("select 1")),
        "DATABASE_UNAVAILABLE",
        /timeout/,
      );
      busy.release();
      await pool.end();
    });

    it("when a statement takes too long", async () => {
      const pool = openPool({ url: database.url, statementTimeoutMs: 50 });
      const action = fromDatabase(pool.query("select pg_sleep(5)"));
      const error = await expectRejection(action, "DATABASE_UNAVAILABLE", /57014/);
      expect(error.details).to.deep.include({ sqlState: "57014" });
      await pool.end();
    });

    it("when the connection is cut in the middle of a statement", async () => {
      await expectRejection(
        ask("select pg_terminate_backend(pg_backend_pid())"),
        "DATABASE_UNAVAILABLE",
        /57P01|Connection terminated/,
      );
      expect((await ask("select 1")).rowCount).to.equal(1);
    });

    it("when the server is read-only", async () => {
      const readOnly = "options=-c%20default_transaction_read_only%3Don";
      const pool = openPool({ url: `${database.url.replace(/options=/, "x=")}&${readOnly}` });
      const action = fromDatabase(pool.query("create table t ()"));
      await expectRejection(action, "DATABASE_UNAVAILABLE", /25006/);
      await pool.end();
    });

    it("when the database does not exist", async () => {
      const url = database.url.replace(/\/[^/?]*\?/, "/not_there?");
      const pool = openPool({ url });
      await expectRejection(
        fromDatabase(pool.query("select 1")),
        "DATABASE_UNAVAILABLE",
        /3D000.*DATABASE_URL/,
      );
      await pool.end();
    });

    for (const sqlState of ["40001", "40P01", "53300", "53100", "57P03", "08006", "55P03"]) {
      it(`when it says ${sqlState}`, async () => {
        const raise = `do $$ begin raise 'secret value' using errcode = '${sqlState}'; end $$`;
        const error = await expectRejection(ask(raise), "DATABASE_UNAVAILABLE", RegExp(sqlState));
        expect(error.message).not.to.contain("secret value");
      });
    }
  });

  describe("is a defect", () => {
    it("when the SQL is wrong", () => expectRejection(ask("selekt"), "INTERNAL", /42601/));

    it("when a constraint is broken", () =>
      expectRejection(
        ask("insert into resolver (chain_id, address, domain) values (1, '\\x00', 'a.eth')"),
        "INTERNAL",
        /23514, constraint resolver_address_check/,
      ));

    it("when a table is missing, and says what to do", () =>
      expectRejection(ask("select * from not_there"), "INTERNAL", /Apply the migrations/));

    it("when a prepared statement is missing or there already, and says what that may mean", async () => {
      const advice = /set DATABASE_POOLER=transaction/;
      await expectRejection(ask("execute not_there"), "INTERNAL", advice);
      const one = openPool({ url: database.url, maxConnections: 1 });
      await one.query("prepare twice as select 1");
      await expectRejection(
        fromDatabase(one.query("prepare twice as select 1")),
        "INTERNAL",
        advice,
      );
      await one.end();
    });

    it("when a text holds U+0000", () =>
      expectRejection(ask("select $1::text", ["a\0b"]), "INTERNAL", /22021/));

    it("when JSON holds U+0000 or half a character", async () => {
      await expectRejection(
        ask("select $1::jsonb", [JSON.stringify({ a: "\0" })]),
        "INTERNAL",
        /22P05/,
      );
      await expectRejection(
        ask("select $1::jsonb", [JSON.stringify({ a: "\ud800" })]),
        "INTERNAL",
        /22P02/,
      );
    });
  });
});

describe("db/pool", () => {
  for (const url of ["", "localhost", "http://localhost/d", "postgresql://u:p#1@h:x/d"]) {
    it(`refuses ${JSON.stringify(url)} as a URL`, () => {
      expectError(() => openPool({ url }), "INVALID_CONFIGURATION", /Set DATABASE_URL to/);
    });
  }

  it("does not repeat the password of a wrong URL", () => {
    const error = catchError(() => openPool({ url: "postgresql://u:hunter2@[/d" }));
    expect(JSON.stringify([error, String(error), error.cause])).not.to.contain("hunter2");
  });

  it("tells of an idle connection that is lost, and goes on", async () => {
    const database = await openMigratedPool();
    const lost: string[] = [];
    const pool = openPool({ url: database.url, onConnectionLost: ({ code }) => lost.push(code) });
    const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
    await database.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
    while (lost.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lost).to.deep.equal(["DATABASE_UNAVAILABLE"]);
    expect((await pool.query("select 1")).rowCount).to.equal(1);
    await pool.end();
    await database.close();
  });
});

function catchError(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}
