import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { openPool } from "../../src/db/pool.js";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/embedded-postgres/embeddedPostgres.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { openApiKey } from "../../src/registry/access/openApiKey.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { openMigratedPool } from "../db/migratedPool.js";
import { expectRejection } from "../expectError.js";

const RESOLVER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

describe("signpost domain", function () {
  this.timeout(270_000);
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => removeFolder(folder));

  async function run(args: readonly string[], settings: Record<string, string> = {}) {
    const program = startProgram("src/cli/main.ts", args, {
      settings: { SIGNPOST_DIR: folder, ...settings },
      cwd: folder,
    });
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  }
  const domain = (...args: string[]) => run(["domain", ...args]);
  const add = (name: string, ...flags: string[]) =>
    domain("add", name, "--chain", "1", "--resolver", RESOLVER, ...flags);

  /** The domain that a key opens, asked of the database itself. */
  async function opens(apiKey: string): Promise<string> {
    const server = await startEmbeddedPostgres({ dir: `${folder}/postgres` });
    const pool = openPool({ url: server.url });
    try {
      return (await openApiKey(domainStore(pool), apiKey)).domain;
    } finally {
      await pool.end();
      await server.stop();
    }
  }

  it("adds, lists, and replaces the key of a domain", async () => {
    // a shell without the settings of a service begins no second one
    const refused = await add("Users.Example.eth");
    expect(refused).to.include({ exitStatus: 2, stdout: "" });
    expect(refused.output).to.match(/no service ever ran .* To begin a new one here, add --new\./);
    expect(existsSync(join(folder, "postgres"))).to.equal(false);

    const added = await add("Users.Example.eth", "--new");
    expect(added).to.include({ exitStatus: 0 });
    expect(added.output).to.match(/working on a new embedded Postgres, data in /);
    expect(added.stdout).to.match(/^users\.example\.eth is served\.\n/);
    expect(added.stdout).to.include(`/ccip/1/${RESOLVER.toLowerCase()}/{data}`);
    const [first = ""] = /signpost_[\w-]{43}/.exec(added.stdout) ?? [];
    expect(await opens(first)).to.equal("users.example.eth");

    const listed = JSON.parse((await domain("list", "--json")).stdout) as unknown;
    const expected = { domain: "users.example.eth", chainId: "1" };
    expect(listed).to.deep.equal([{ ...expected, resolver: RESOLVER }]);
    expect((await domain("list")).stdout).to.equal(
      `DOMAIN             CHAIN  RESOLVER\nusers.example.eth  1      ${RESOLVER}\n`,
    );

    const replaced = await domain("replace-key", "Users.example.eth", "--json");
    expect(replaced).to.include({ exitStatus: 0 });
    const next = JSON.parse(replaced.stdout) as { domain: string; apiKey: string };
    expect(next.domain).to.equal("users.example.eth");
    expect(await opens(next.apiKey)).to.equal("users.example.eth");
    await expectRejection(opens(first), "UNAUTHORIZED", /unknown/);
  });

  it("freezes a domain, says where it is changed now, and takes that back", async () => {
    await add("moving.eth");
    const refused = await domain("freeze", "moving.eth", "--to", "elsewhere");
    expect(refused).to.include({ exitStatus: 2 });
    expect(refused.output).to.match(/--to takes the absolute URL of a service/);
    const frozen = await domain("freeze", "Moving.eth", "--to", "https://new.example", "--json");
    expect(JSON.parse(frozen.stdout)).to.deep.equal({
      domain: "moving.eth",
      frozen: { to: "https://new.example/" },
    });
    const suspended = await domain("suspend", "a.moving.eth", "--reason", "spam");
    expect(suspended.output).to.match(/It has moved: send the change to https:\/\/new\.example\//);
    expect((await domain("unfreeze", "moving.eth")).stdout).to.equal(
      "moving.eth is changed here again.\n",
    );
    const late = await domain("suspend", "a.moving.eth", "--reason", "spam");
    expect(late.output).to.match(/a\.moving\.eth does not exist/);
    expect((await domain("end-feed", "moving.eth")).stdout).to.match(/^Nobody follows moving\.eth/);
    expect(await domain("freeze", "nobodys.eth")).to.include({ exitStatus: 1 });
  });

  it("begins no new installation where it was started without the settings of one: 2", async () => {
    const elsewhere = join(folder, "elsewhere");
    for (const args of [
      ["domain", "list"],
      ["domain", "replace-key", "users.example.eth"],
      ["key", "list", "users.example.eth"],
      ["history", "verify", "--all"],
      ["secrets", "status"],
      ["secrets", "rotate"],
    ]) {
      const { exitStatus, output } = await run(args, { SIGNPOST_DIR: elsewhere });
      expect(exitStatus, output).to.equal(2);
      expect(output).to.match(/no service ever ran with the folder .*elsewhere\/postgres\. Give/);
      expect(output).to.match(/DATABASE_URL or SIGNPOST_DIR as the service has them/);
    }
    expect(existsSync(elsewhere)).to.equal(false);
  });

  it("leaves tables of an older version as they are where it only looks: 2", async () => {
    const older = await openMigratedPool();
    const { pool, url } = older;
    try {
      const lastOne = "from signpost_migration where capability = 'registry'";
      await pool.query(`delete ${lastOne} and number = (select max(number) ${lastOne})`);
      const applied = async () =>
        (await pool.query<{ n: string }>(`select count(*) as n ${lastOne}`)).rows;
      const before = await applied();
      for (const args of [
        ["domain", "list"],
        ["domain", "alias", "list"],
        ["domain", "twins"],
        ["domain", "policy", "users.example.eth"],
        ["key", "list", "users.example.eth"],
        ["key", "usage"],
        ["history", "verify", "--all"],
        ["source", "list"],
        ["export", "users.example.eth"],
      ]) {
        const { exitStatus, output } = await run(args, { DATABASE_URL: url });
        expect(exitStatus, output).to.equal(2);
        expect(output).to.match(/of an older version, and a command that only looks changes noth/);
      }
      expect(await applied()).to.deep.equal(before);
    } finally {
      await older.close();
    }
  });

  it("makes no tables in a database on which no service ever ran: 2", async () => {
    const other = await openScratchDatabase();
    const pool = openPool({ url: other.url });
    try {
      const settings = { DATABASE_URL: other.url, SECRETS_KEY_LOCATION: "file:none.key" };
      for (const args of [
        ["domain", "list"],
        ["key", "list", "users.example.eth"],
        ["secrets", "status"],
        ["secrets", "rotate"],
      ]) {
        const { exitStatus, output } = await run(args, settings);
        expect(exitStatus, output).to.equal(2);
        expect(output).to.match(
          /No service ever ran on this database: the Postgres of DATABASE_URL/,
        );
      }
      const { rows } = await pool.query(
        "select from pg_class where relnamespace = $1::regnamespace",
        [other.schema],
      );
      expect(rows).to.deep.equal([]);
    } finally {
      await pool.end();
      await other.close();
    }
  });

  it("says that there is no domain yet in an installation without one", async () => {
    const database = await openMigratedPool();
    try {
      const none = await run(["domain", "list"], { DATABASE_URL: database.url });
      expect(none).to.include({ exitStatus: 0 });
      expect(none.stdout).to.match(/No domain yet: see `signpost domain add --help`/);
      const json = await run(["domain", "list", "--json"], { DATABASE_URL: database.url });
      expect(JSON.parse(json.stdout)).to.deep.equal([]);
    } finally {
      await database.close();
    }
  });

  describe("while the service holds the embedded Postgres", () => {
    let server: EmbeddedPostgres;

    before(async () => {
      server = await startEmbeddedPostgres({ dir: `${folder}/postgres` });
    });
    after(() => server.stop());

    it("takes back what was added by mistake, but no domain that has names: 1", async () => {
      expect(await add("mistake.eth")).to.include({ exitStatus: 0 });
      const below = await add("deep.mistake.eth");
      expect(below.stdout).to.match(
        /^ {2}it lies under mistake\.eth, whose keys do not reach its/m,
      );
      const disconnect = ["disconnect", "mistake.eth", "--chain", "1", "--resolver", RESOLVER];
      expect((await domain(...disconnect)).stdout).to.equal(
        `${RESOLVER} on chain 1 answers for mistake.eth no more.\n`,
      );
      const twice = await domain(...disconnect);
      expect(twice).to.include({ exitStatus: 1 });
      expect(twice.output).to.include("see `signpost domain list`");
      const removed = await domain("remove", "mistake.eth", "--json");
      expect(JSON.parse(removed.stdout)).to.deep.equal({
        ...{ domain: "mistake.eth", removed: true, above: null },
        below: { names: 0, heldNames: 0, heldExamples: [], reservations: 0 },
        aliases: [],
      });
      const gone = await domain("remove", "mistake.eth");
      expect(gone).to.include({ exitStatus: 1 });
      expect(gone.output).to.match(/mistake\.eth does not exist here/);
      expect(await domain("remove", "deep.mistake.eth")).to.include({ exitStatus: 0 });
    });

    it("says what lies below a domain that is added, and what went back when it is removed", async () => {
      expect(await add("over.eth")).to.include({ exitStatus: 0 });
      const pool = openPool({ url: server.url });
      await pool.query(`
        insert into name (node, name, domain, held) values
          (decode(repeat('01', 32), 'hex'), 'a.late.over.eth', 'over.eth', false),
          (decode(repeat('02', 32), 'hex'), 'ceo.late.over.eth', 'over.eth', true);
        insert into reservation (name, domain) values ('b.late.over.eth', 'over.eth')`);
      await pool.end();
      const added = await add("late.over.eth");
      expect(added.stdout).to.include(
        [
          "  it lies under over.eth, whose keys do not reach its names any more",
          "  2 names below it are late.over.eth's now, 1 of them held by their owners",
          "    held  ceo.late.over.eth",
          "  1 reservation of over.eth ended",
          "",
        ].join("\n"),
      );
      expect((await domain("take-over", "late.over.eth")).stdout).to.match(/says so already\.$/m);
      const removed = await domain("remove", "late.over.eth");
      expect(removed.stdout).to.match(/^ {2}2 names below it are over\.eth's now, 1 of them held/m);
      const again = await add("late.over.eth", "--json");
      const { above, below } = JSON.parse(again.stdout) as Record<string, unknown>;
      expect({ above, below }).to.deep.equal({
        above: "over.eth",
        below: { names: 2, heldNames: 1, heldExamples: ["ceo.late.over.eth"], reservations: 0 },
      });
      const lonely = await domain("remove", "over.eth");
      expect(lonely).to.include({ exitStatus: 0 });
      const names = await domain("remove", "late.over.eth");
      expect(names).to.include({ exitStatus: 2 });
      expect(names.output).to.match(/has names, which would be lost/);
    });

    it("adds, lists and removes aliases of a domain, which go with it", async () => {
      expect(await add("team.service.eth")).to.include({ exitStatus: 0 });
      expect((await domain("alias", "list")).stdout).to.match(/^No alias yet: see/);
      const added = await domain("alias", "add", "Team.alias.eth", "team.service.eth");
      expect(added).to.include({ exitStatus: 0 });
      expect(added.stdout).to.match(/^team\.alias\.eth is an alias of team\.service\.eth\.\n/);
      expect(added.stdout).to.include("`signpost resolver attach`");
      const below = await domain("alias", "add", "old.team.service.eth", "team.service.eth");
      expect(below.stdout).to.include("  it lies under team.service.eth, whose keys do not reach");

      const listed = await domain("alias", "list", "--json");
      expect(JSON.parse(listed.stdout)).to.deep.equal([
        { alias: "old.team.service.eth", domain: "team.service.eth" },
        { alias: "team.alias.eth", domain: "team.service.eth" },
      ]);
      const again = await domain("alias", "add", "team.alias.eth", "team.service.eth");
      expect(again).to.include({ exitStatus: 1, stdout: "" });
      expect(again.output).to.include("`signpost domain alias remove team.alias.eth`");

      const suspended = await domain("suspend", "x.team.alias.eth", "--reason", "spam");
      expect(suspended).to.include({ exitStatus: 1 });
      expect(suspended.output).to.match(/Use x\.team\.service\.eth\.$/m);

      const gone = await domain("alias", "remove", "old.team.service.eth");
      expect(gone.stdout).to.match(/^old\.team\.service\.eth is an alias of .* no more\.$/m);
      const twice = await domain("alias", "remove", "old.team.service.eth");
      expect(twice).to.include({ exitStatus: 1 });
      expect(twice.output).to.include("`signpost domain alias list`");
      const removed = await domain("remove", "team.service.eth");
      expect(removed.stdout).to.match(/^ {2}its alias team\.alias\.eth is gone as well$/m);
      expect((await domain("alias", "list")).stdout).to.match(/^No alias yet/);
    });

    it("says in JSON what is wrong with the arguments where JSON is wanted: 2", async () => {
      const wrong = await domain("add", "json.eth", "--json");
      expect(wrong.exitStatus).to.equal(2);
      const { error } = JSON.parse(wrong.stdout) as { error: Record<string, unknown> };
      expect(error["code"]).to.equal("INVALID_REQUEST");
      expect(error["message"]).to.match(/--chain/);
    });

    it("prints what it added as JSON, and adds nothing twice: 1", async () => {
      const { exitStatus, stdout } = await add("json.eth", "--json");
      expect(exitStatus).to.equal(0);
      const { apiKey, ...rest } = JSON.parse(stdout) as Record<string, string>;
      expect(rest).to.deep.equal({
        domain: "json.eth",
        gatewayPath: `/ccip/1/${RESOLVER.toLowerCase()}`,
        above: null,
        below: { names: 0, heldNames: 0, heldExamples: [], reservations: 0 },
      });
      expect(apiKey).to.match(/^signpost_/);

      const again = await add("json.eth");
      expect(again).to.include({ exitStatus: 1, stdout: "" });
      expect(again.output).to.match(/^signpost: The domain json\.eth exists already/m);
      expect(again.output).not.to.include("signpost_");
      const asJson = await add("json.eth", "--json");
      expect(asJson).to.include({ exitStatus: 1 });
      expect(JSON.parse(asJson.stdout)).to.have.nested.property("error.code", "NAME_TAKEN");
    });

    it("finds no key to replace where there is no domain: 1", async () => {
      const { exitStatus, output } = await domain("replace-key", "nowhere.eth");
      expect(exitStatus).to.equal(1);
      expect(output).to.match(/^signpost: The domain nowhere\.eth does not exist here/m);
    });
  });

  it("tells wrong input by 2, before it touches a database", async () => {
    const untouched = { SIGNPOST_DIR: `${folder}/none`, DATABASE_URL: "postgres://127.0.0.1:1/x" };
    const wrong: [args: string[], sentence: RegExp][] = [
      [["add", "a..eth", "--chain", "1", "--resolver", RESOLVER], /empty label|normal form/],
      [["add", "a.eth", "--chain", "one", "--resolver", RESOLVER], /--chain takes a decimal/],
      [["add", "a.eth", "--chain", "0", "--resolver", RESOLVER], /--chain takes a decimal/],
      [["add", "a.eth", "--chain", "1", "--resolver", "0x00"], /40 hexadecimal digits/],
      [["add", "a.eth", "--chain", "1", "--resolver", RESOLVER.replace("F", "f")], /EIP-55/],
      [["add", "a.eth", "--chain", "1"], /required option '--resolver <address>'/],
      [["add"], /missing required argument 'name'|required option/],
      [["rename", "a.eth"], /unknown command 'rename'/],
      [["alias", "add", "a..eth", "b.eth"], /empty label|normal form/],
      [["alias", "add", "a.eth"], /missing required argument 'domain'/],
      [["list", "--xml"], /unknown option '--xml'/],
    ];
    const runs = await Promise.all(wrong.map(([args]) => run(["domain", ...args], untouched)));
    for (const [index, { exitStatus, stdout, output }] of runs.entries()) {
      expect({ exitStatus, stdout }, output).to.deep.equal({ exitStatus: 2, stdout: "" });
      expect(output).to.match(wrong[index]![1]);
    }
  });

  it("tells an outage by 4, and wrong settings by 2, without a secret", async () => {
    const dead = await run(["domain", "list"], {
      DATABASE_URL: "postgres://user:hunter2@127.0.0.1:1/x",
    });
    expect(dead).to.include({ exitStatus: 4, stdout: "" });
    expect(dead.output).to.match(/^signpost: The database did not answer \(ECONNREFUSED\)/m);
    const wrong = await run(["domain", "list"], { DATABASE_URL: "hunter2" });
    expect(wrong).to.include({ exitStatus: 2 });
    expect(wrong.output).to.match(/^signpost: Correct these settings .*DATABASE_URL/);
    expect(dead.output + wrong.output).not.to.include("hunter2");
  });

  it("explains itself: 0", async () => {
    for (const args of [["--help"], ["domain", "--help"], ["domain", "add", "--help"]]) {
      const { exitStatus, stdout } = await run(args);
      expect(exitStatus).to.equal(0);
      expect(stdout).to.match(/^Usage: signpost/);
    }
  });
});
