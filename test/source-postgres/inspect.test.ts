import { expect } from "chai";
import { lookupIn } from "../../src/net/lookupIn.js";
import { grantStatements } from "../../src/source-postgres/grants.js";
import { inspect } from "../../src/source-postgres/inspect.js";
import { expectRejection } from "../expectError.js";
import {
  SERVICE_PASSWORD,
  SERVICE_USER,
  type ServicePostgres,
  startServicePostgres,
} from "./servicePostgres.js";

describe("source-postgres/inspect", function () {
  this.timeout(180_000);
  let postgres: ServicePostgres;

  before(async () => {
    postgres = await startServicePostgres();
    await postgres.sql(`
      alter role ${SERVICE_USER} set default_transaction_read_only = on;
      alter role ${SERVICE_USER} set statement_timeout = '1s';`);
  });
  after(() => postgres.remove());

  const look = (changes: object = {}) => {
    const settings = postgres.settings(changes);
    const lookup = lookupIn(settings.network);
    return inspect({
      ...{ id: "1", domain: "a.eth", settings, lookup, password: SERVICE_PASSWORD },
    });
  };

  it("finds nothing wrong with a role that may read, and an index that finds a label", async () => {
    await postgres.sql(
      "insert into users select 'user-' || number from generate_series(1, 20000) number; analyze users",
    );
    expect(await look()).to.deep.equal({ faults: [], warnings: [] });
  });

  it("finds each right that the role should not have, and says which", async () => {
    const role = SERVICE_USER;
    const cases: [begin: string, end: string, fault: RegExp][] = [
      [`alter role ${role} superuser`, `alter role ${role} nosuperuser`, /is a superuser/],
      [`alter role ${role} createrole`, `alter role ${role} nocreaterole`, /may make roles/],
      [`alter role ${role} createdb`, `alter role ${role} nocreatedb`, /may make roles or data/],
      [`alter role ${role} bypassrls`, `alter role ${role} nobypassrls`, /pass row security by/],
      [
        `grant pg_read_server_files to ${role}`,
        `revoke pg_read_server_files from ${role}`,
        /files/,
      ],
      [
        `grant update (bio) on users to ${role}`,
        `revoke update (bio) on users from ${role}`,
        /write/,
      ],
      [`grant truncate on users to ${role}`, `revoke truncate on users from ${role}`, /may write/],
      [
        `alter table users owner to ${role}`,
        `alter table users owner to postgres; grant select on users to ${role}`,
        /owns public\.users/,
      ],
      // what the role may only by SET ROLE
      [
        `create role boss superuser; alter role ${role} noinherit; grant boss to ${role}`,
        `drop role boss`,
        /is a superuser, or a member of one/,
      ],
      [
        `create role writer; grant insert on users to writer; grant writer to ${role}`,
        "drop owned by writer; drop role writer",
        /may write public\.users/,
      ],
      [
        `create role files; grant pg_execute_server_program to files; grant files to ${role}`,
        "drop role files",
        /run programs there/,
      ],
      [`grant trigger on users to ${role}`, `revoke trigger on users from ${role}`, /may write/],
      [
        `alter schema public owner to ${role}`,
        `alter schema public owner to pg_database_owner; grant usage on schema public to public`,
        /owns public\.users, its schema or its database/,
      ],
    ];
    for (const [begin, end, fault] of cases) {
      await postgres.sql(begin);
      const { faults } = await look();
      await postgres.sql(end);
      expect(faults.join(" "), begin).to.match(fault);
      expect((await look()).faults, end).to.deep.equal([]);
    }
  });

  it("tells what is not there, and what the role lacks", async () => {
    expect((await look({ table: "nothing" })).faults.join()).to.match(
      /no table or view public\.noth/,
    );
    const columns = { ...postgres.settings().columns, wallet: "purse" };
    expect((await look({ columns })).faults).to.deep.equal(["public.users has no column purse."]);
    await postgres.sql(`alter role ${SERVICE_USER} reset all`);
    expect((await look()).warnings.join(" ")).to.match(/read_only.*statement_timeout/);
  });

  it("tells of an index that is missing, also behind a view of ten million rows", async () => {
    await postgres.sql("drop index users_username");
    const [, , slow] = (await look()).warnings;
    expect(slow).to.match(/create index concurrently on "public"\."users" \("username"\);/);
    await postgres.sql("create index users_username on users (username)");
    await postgres.sql(`
      create view many as select 'u' || number as username from generate_series(1, 10000000) number;
      grant select on many to ${SERVICE_USER};`);
    const many = await look({ table: "many", columns: { label: "username" } });
    expect(many.faults).to.deep.equal([]);
    expect(many.warnings.join()).to.match(/no index finds it/);
    const lower = await look({ columns: { label: "username", compare: "lower" } });
    expect(lower.warnings.join()).to.match(/\(lower\("username"::text\)\)/);
  });

  it("prints what a role needs, and with that it reads the mapped columns alone", async () => {
    const settings = postgres.settings({ user: `odd "role"` });
    for (const statement of grantStatements(settings)) await postgres.sql(statement);
    await postgres.sql(`alter role "odd ""role""" password 'p'`);
    const lookup = lookupIn(settings.network);
    const access = { id: "1", domain: "a.eth", settings, lookup, password: "p" };
    expect(await inspect(access)).to.deep.equal({ faults: [], warnings: [] });
    await postgres.sql("alter table users add column secret text");
    const columns = { ...settings.columns, wallet: "secret" };
    const error = await expectRejection(
      inspect({ ...access, settings: { ...settings, columns } }),
      "SOURCE_UNAVAILABLE",
      /SQLSTATE 42501/,
    );
    expect(error.details.reason).to.equal("SQLSTATE 42501");
  });
});
