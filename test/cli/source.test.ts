import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { openPool, type Pool } from "../../src/db/pool.js";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { profilesOf } from "../registry/openRegistry.js";
import {
  SERVICE_PASSWORD,
  SERVICE_USER,
  type ServicePostgres,
  startServicePostgres,
} from "../source-postgres/servicePostgres.js";
import { type Commands, commandsWithSecrets } from "./commandsWithSecrets.js";

const DOMAIN = "users.example.eth";
const RESOLVER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

describe("signpost source", function () {
  this.timeout(360_000);
  let postgres: ServicePostgres;
  let database: ScratchDatabase;
  let pool: Pool;
  let folder: string;

  before(async () => {
    postgres = await startServicePostgres();
    database = await openScratchDatabase();
    pool = openPool({ url: database.url });
    folder = await temporaryFolder();
    await writeFile(join(folder, "password"), SERVICE_PASSWORD, { mode: 0o600 });
    await done("domain", "add", DOMAIN, "--chain", "1", "--resolver", RESOLVER);
    await done("secrets", "new-key", "secrets.key");
  });
  after(async () => {
    await pool.end();
    await database.close();
    await postgres.remove();
    await removeFolder(folder);
  });

  const commands = () => commandsWithSecrets(database.url, folder);
  const run: Commands["run"] = (...given) => commands().run(...given);
  const done: Commands["done"] = (...args) => commands().done(...args);
  const json = async (...args: string[]) =>
    JSON.parse(await done(...args, "--json")) as Record<string, unknown>;
  const where = () => [
    ...["--host", "127.0.0.1", "--port", String(postgres.port), "--database", "postgres"],
    ...["--user", SERVICE_USER, "--tls", "off", "--private-network", "127.0.0.0/8"],
    ...["--table", "users", "--label", "username", "--wallet", "wallet", "--profile", "profile"],
    ...["--text", "avatar=avatar", "--text", "description=bio", "--address", "0=btc"],
  ];
  const add = (...more: string[]) =>
    run(["source", "add", DOMAIN, ...where(), "--password-file", "password", ...more]);

  it("refuses what could not be used, and keeps nothing of it", async () => {
    const refusals: [args: string[], status: number, sentence: RegExp][] = [
      [["--private-network", "10.0.0.0/8"], 4, /its address is not allowed/],
      [["--private-network", "0.0.0.0/0"], 2, /is no private network/],
      [["--table", "a.b.c"], 2, /--table must be/],
      [["--text", "network.dm3.profile=bio"], 2, /is set by the profile/],
      [["--address", "60=btc"], 2, /is the wallet/],
      [["--host", "/var/run/postgresql"], 2, /one host name or one IP address/],
      [["--wallet", "purse"], 2, /no column purse/],
      [["--fresh-sec", "0"], 2, /--fresh-sec must be/],
      [["--port", "x"], 2, /port/],
    ];
    for (const [args, status, sentence] of refusals) {
      const { exitStatus, output } = await add(...args);
      expect(output, args.join(" ")).to.match(sentence);
      expect(exitStatus, args.join(" ")).to.equal(status);
    }
    await postgres.sql(`grant insert on users to ${SERVICE_USER}`);
    expect((await add()).output).to.match(/may write public\.users/);
    await postgres.sql(`revoke insert on users from ${SERVICE_USER}`);
    const { exitStatus, output } = await run(
      ["source", "add", DOMAIN, ...where(), "--password-file", "password"],
      { SECRETS_KEY_LOCATION: "" },
    );
    expect(exitStatus, output).to.equal(2);
    expect(await json("source", "list")).to.deep.equal([]);
  });

  it("adds, tests, shows, scans, lists problems, and removes; the password is nowhere", async () => {
    const wallet = Wallet.createRandom();
    const [profile] = await profilesOf(wallet, 1);
    await postgres.put("alice", {
      ...{ wallet: wallet.address, profile: JSON.stringify(profile), avatar: "a.png" },
    });
    await postgres.put("Bob", { avatar: "b.png" });
    await postgres.put("bob", { avatar: "c.png" });

    const { exitStatus, output, stdout } = await add("--json");
    expect(exitStatus, output).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ domain: DOMAIN, freshSec: 1 });
    // its secret is kept before it is added: nobody asks it without, and none is left of one that was refused
    expect((await add()).output).to.match(/has a data source already/);
    const secrets = await pool.query<{ name: string }>(
      `select table_schema || '.source_secret' as name from information_schema.tables where table_name = 'source_secret'`,
    );
    expect(secrets.rows).to.have.length(1);
    const kept = await pool.query(
      `select from ${secrets.rows[0]!.name} s join source on source.id = s.source`,
    );
    expect(kept.rowCount).to.equal(1);
    expect((await pool.query(`select from ${secrets.rows[0]!.name}`)).rowCount).to.equal(1);

    const tested = await json("source", "test", `alice.${DOMAIN}`);
    expect(tested).to.deep.include({ by: "source", problem: null, faults: [] });
    expect(tested["records"]).to.deep.include({
      wallet: wallet.address,
      texts: { avatar: "a.png", "network.dm3.profile": encodeProfileRecord(profile!) },
    });
    expect(await done("source", "test", `nobody.${DOMAIN}`)).to.match(/has no such row/);
    // it was looked at, and not served
    expect((await pool.query("select from source_served")).rowCount).to.equal(0);

    expect(await json("source", "scan", DOMAIN)).to.deep.include({
      ...{ labels: 3, twins: [`bob.${DOMAIN}`], listed: 2, dropped: 0 },
    });
    expect(await done("source", "test", `bob.${DOMAIN}`)).to.match(/twins\. Several rows/);
    expect(await done("source", "problems", DOMAIN)).to.match(/^bob\.users\.example\.eth {2}twins/);
    expect(await json("source", "show", DOMAIN)).to.deep.include({ problems: { twins: 1 } });

    const dump = await pool.query<{ all: string }>(
      "select coalesce(jsonb_agg(s)::text, '') as all from source s",
    );
    expect(dump.rows[0]?.all).not.to.contain("password with");
    expect(output + stdout).not.to.contain("password with");
    expect(await done("secrets", "status")).to.match(/1 secret|registry_sources/);
    expect(await done("secrets", "rotate")).to.match(/1/);
    expect(await json("source", "test", `alice.${DOMAIN}`)).to.deep.include({ by: "source" });

    expect(await json("source", "remove", DOMAIN)).to.deep.equal({ domain: DOMAIN, removed: true });
    expect((await run(["source", "show", DOMAIN])).exitStatus).to.equal(1);
    expect(await done("source", "list")).to.match(/No data source yet/);
  });

  it("tells of a name's own domain, and nothing that a terminal would act on", async () => {
    await done("domain", "add", `team.${DOMAIN}`, "--chain", "1", "--resolver", RESOLVER);
    await postgres.put("team", { avatar: "t.png" });
    await postgres.put("red", { avatar: "\u001b[31mred\u001b[0m" });
    await postgres.put("\u001b[2J", { avatar: "a.png" });
    expect((await add()).exitStatus).to.equal(0);
    const { exitStatus, output } = await run(["source", "test", `team.${DOMAIN}`]);
    expect(output).to.match(
      /belongs to the domain team\.users\.example\.eth, which has no data so/,
    );
    expect(exitStatus).to.equal(1);
    expect(await done("source", "test", `red.${DOMAIN}`)).to.match(/avatar = \[31mred \[0m/);
    await done("source", "scan", DOMAIN);
    const problems = await done("source", "problems", DOMAIN);
    expect(problems).to.match(/\[2J {2}label/);
    expect(problems).not.to.contain("\u001b");
    await done("source", "remove", DOMAIN);
  });

  it("prints the grants for the service's administrator", async () => {
    const grants = await done("source", "grants", ...where());
    expect(grants).to.contain(
      `grant select ("username", "wallet", "profile", "avatar", "bio", "btc") on "public"."users" to "${SERVICE_USER}";`,
    );
    expect(grants).to.contain("set default_transaction_read_only = on;");
  });
});
