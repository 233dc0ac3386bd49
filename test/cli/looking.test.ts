/** Every command that only looks changes nothing: where no service ever ran, on tables of an older version, and on tables of this one. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { CAPABILITIES } from "../../src/capabilities/list.js";
import { REGISTRY } from "../../src/capabilities/registry/migrations.js";
import { addCommands } from "../../src/cli/commands.js";
import { allOf, commandTree } from "../../src/cli/help/commandTree.js";
import { migrate, SEALING } from "../../src/db/migrate.js";
import { readMigrations } from "../../src/db/migrationFiles.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { sealingTables } from "../../src/db/sealing/migrations.js";
import { stringify } from "../../src/dm3/stringify.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { ended } from "../capabilities/registry/transfer/changedExport.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";

const SIGNER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
const DOMAIN = "users.example.eth";

/** Each with what it is given: all of them look at the installation's database, or might. */
const LOOKS: Readonly<Record<string, readonly string[]>> = {
  "domain policy": [DOMAIN],
  "domain alias list": [],
  "domain twins": [],
  "domain list": [],
  "key list": [DOMAIN],
  "key usage": [],
  "history verify": ["--all"],
  "signer show": [],
  "signer list": [],
  "signer check": [SIGNER],
  // without an account
  "signer rotate": [SIGNER],
  "source grants": [
    "--table",
    "people",
    "--label",
    "login",
    "--host",
    "db.example.com",
    "--database",
    "app",
    "--user",
    "signpost",
  ],
  "source list": [],
  "source show": [DOMAIN],
  "source test": [`alice.${DOMAIN}`],
  "source problems": [DOMAIN],
  export: [DOMAIN],
  import: ["export.ndjson", "--dry-run"],
  "mirror list": [],
  "mirror show": [DOMAIN],
  "relay show": [],
  "relay prove": [],
  "relay prove-network": ["chat.example.eth", "--record", "network.json"],
  "relay canary": ["--show"],
  "relay accounts": [],
  "xmpp describe": [],
  "mail report-key": [],
  "storage accounts": [],
  doctor: [`alice.${DOMAIN}`, "--rpc", "http://127.0.0.1:1"],
  "resolver show": ["--resolver", SIGNER, "--rpc", "http://127.0.0.1:1"],
  "secrets status": [],
  completion: ["bash"],
};

/** They change something, or ask a chain, a service or a relay node alone. */
const OTHERS = [
  ...[
    "resolve",
    "publish",
    "message send",
    "message inbox",
    "message encode",
    "message decode",
    "message keys",
  ],
  ...[
    "domain add",
    "domain connect",
    "domain take-over",
    "domain replace-key",
    "domain alias add",
    "domain alias remove",
  ],
  ...[
    "domain suspend",
    "domain unsuspend",
    "domain freeze",
    "domain unfreeze",
    "domain end-feed",
    "domain disconnect",
  ],
  ...[
    "domain remove",
    "key add",
    "key limit",
    "key revoke",
    "signer remember",
    "signer forget",
    "signer new",
  ],
  ...[
    "source add",
    "source add-http",
    "source scan",
    "source remove",
    "mirror add",
    "mirror remove",
    "mirror promote",
  ],
  ...["relay rotate-keys", "relay retire-keys", "relay remove-account", "mail dkim-keys"],
  "storage remove-account",
  ...["node check", "node prove", "node register", "node list", "node show"],
  ...["network prove", "network register", "network list", "network show", "network find"],
  ...["gateway register", "gateway check", "bridge register", "bridge check"],
  ...["certificate sign", "certificate publish", "certificate show"],
  ...[
    "resolver deploy",
    "resolver signers add",
    "resolver signers remove",
    "resolver signers list",
    "resolver urls set",
  ],
  ...[
    "resolver validity set",
    "resolver metadata set",
    "resolver operations set",
    "resolver ownership transfer",
  ],
  ...["resolver ownership accept", "resolver attach", "resolver detach", "resolver export"],
  ...["secrets rotate", "secrets new-key", "serve"],
];

const AT_A_TIME = 4;

describe("commands that only look", function () {
  this.timeout(540_000);
  let database: ScratchDatabase;
  let pool: Pool;
  let folder: string;

  beforeEach(async () => {
    database = await openScratchDatabase();
    pool = openPool({ url: database.url, maxConnections: 2 });
    folder = await temporaryFolder();
    await writeFile(join(folder, "secrets.key"), `0x${"5e".repeat(32)}\n`, { mode: 0o600 });
    await writeFile(join(folder, "export.ndjson"), EXPORT);
    await writeFile(join(folder, "users.csv"), "label,address\nalice,\n");
    await writeFile(join(folder, "network.json"), JSON.stringify({ network: "xmpp" }));
    await mkdir(join(folder, "dkim"));
  });
  afterEach(async () => {
    await pool.end();
    await database.close();
    await removeFolder(folder);
  });

  const runs = (): readonly string[][] => [
    ...Object.entries(LOOKS).map(([words, given]) => [...words.split(" "), ...given]),
    ["import", "users.csv", "--domain", DOMAIN, "--dry-run"],
  ];
  /** All of them, some at a time. What each says, by its words. */
  async function lookAll(settings: Readonly<Record<string, string>>) {
    const said = new Map<string, { exitStatus: number | null; output: string }>();
    const left = [...runs()];
    const next = async () => {
      for (let args = left.shift(); args !== undefined; args = left.shift()) {
        const program = startProgram("src/cli/main.ts", args, {
          settings: { ...SETTINGS, ...settings },
          cwd: folder,
        });
        const { exitStatus } = await program.ended;
        said.set(args.join(" "), { exitStatus, output: program.output() });
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, next));
    for (const [words, { output }] of said) {
      expect(output, words).not.to.match(
        / {4}at |INTERNAL|unknown (?:command|option)|missing required/,
      );
    }
    return said;
  }

  it("are told apart from all others", async () => {
    const program = new Command("signpost");
    await addCommands(program);
    const leaves = allOf(commandTree(program)).filter(
      ({ words, commands }) => words.length > 0 && commands.length === 0,
    );
    expect(leaves.map(({ words }) => words.join(" ")).sort()).to.deep.equal(
      [...Object.keys(LOOKS), ...OTHERS].sort(),
    );
  });

  it("make nothing in a database where no service ever ran", async () => {
    const before = await everything(pool, database.schema);
    const said = await lookAll({ DATABASE_URL: database.url });
    expect(await everything(pool, database.schema)).to.deep.equal(before);
    for (const words of ["relay show", "mail report-key", "import export.ndjson --dry-run"]) {
      expect(said.get(words), words).to.include({ exitStatus: 2 });
      expect(said.get(words)?.output).to.include("No service ever ran on this database");
    }
  });

  it("begin no installation in an empty folder", async () => {
    const before = (await readdir(folder)).sort();
    await lookAll({});
    expect((await readdir(folder)).sort()).to.deep.equal(before);
  });

  it("bring no tables up to date", async () => {
    await migrateAll(pool, 1);
    const before = await everything(pool, database.schema);
    const said = await lookAll({ DATABASE_URL: database.url });
    expect(await everything(pool, database.schema)).to.deep.equal(before);
    for (const words of [
      "relay show",
      "mail report-key",
      "domain list",
      "import export.ndjson --dry-run",
    ]) {
      expect(said.get(words)?.output, words).to.include("are of an older version");
    }
  });

  it("write no row where the tables are as this version wants them, and make no key", async () => {
    await migrateAll(pool, 0);
    await pool.query("insert into domain (name) values ($1)", [DOMAIN]);
    const before = await everything(pool, database.schema);
    const said = await lookAll({ DATABASE_URL: database.url });
    expect(await everything(pool, database.schema)).to.deep.equal(before);
    expect(said.get("relay show")?.output).to.include("has made no such key");
    expect(said.get("relay canary --show")?.output).to.include("has made no such key");
    expect(said.get("mail report-key")?.output).to.include("--renew");
    expect(said.get("import export.ndjson --dry-run")?.output).to.include("nothing was written");
    expect(said.get("domain list")?.exitStatus).to.equal(0);
  });
});

const SETTINGS = {
  SECRETS_KEY_LOCATION: "file:secrets.key",
  GATEWAY_SIGNER_KEY: `0x${"51".repeat(32)}`,
  RELAY_ENS_NAME: "relay.example.eth",
  RELAY_URL: "https://relay.example.com/ds",
  RELAY_CANARY_NAME: "canary.relay.example.eth",
  MAIL_DOMAIN: "mail.example.com",
  MAIL_DKIM_KEYS: "dkim",
  MAIL_NAMES: "mail.example.eth",
  MAIL_REGISTRY_URL: "https://service.example.com",
  MAIL_REGISTRY_KEY: "signpost_x",
};

const POLICY = { claims: "service", addressNames: false, aliases: false, reservedLabels: [] };

const EXPORT = ended([
  stringify({ domain: DOMAIN, form: 1, kind: "signpost-export" }),
  stringify({ kind: "domain", name: DOMAIN, owner: null, policy: POLICY }),
]);

/** Those of every capability, without the `fewer` newest of each. */
async function migrateAll(pool: Pool, fewer: number): Promise<void> {
  const tables = [{ ...(await sealingTables()), capability: SEALING }];
  for (const { name, migrations } of CAPABILITIES) {
    if (migrations === null) continue;
    tables.push({ capability: name, migrations: await readMigrations(migrations) });
  }
  tables.sort(
    (one, other) => Number(other.capability === REGISTRY) - Number(one.capability === REGISTRY),
  );
  for (const { capability, migrations } of tables) {
    const kept =
      capability === SEALING ? migrations : migrations.slice(0, migrations.length - fewer);
    await migrate(pool, { capability, migrations: kept });
  }
}

/** Schemas, what lies in them, and what the tables hold. */
async function everything(pool: Pool, schema: string) {
  const ask = async (text: string) =>
    (await pool.query<Readonly<Record<string, string>>>(text, [schema])).rows;
  const own = "(n.nspname = $1 or starts_with(n.nspname, $1 || '_'))";
  const schemas = await ask(
    `select n.nspname as schema from pg_namespace n where ${own} order by 1`,
  );
  const objects = await ask(
    `select n.nspname as schema, c.relname as name, c.relkind as kind from pg_class c
     join pg_namespace n on n.oid = c.relnamespace where ${own} order by 1, 2`,
  );
  const columns = await ask(
    `select n.nspname || '.' || c.relname as table, a.attname as column from pg_attribute a
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and a.attnum > 0 and ${own} order by 1, 2`,
  );
  const rows: Record<string, string | undefined> = {};
  for (const { schema: place, name } of objects.filter(({ kind }) => kind === "r")) {
    const { rows: found } = await pool.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text || t.xmin::text, ',' order by t::text)), '') as digest
       from "${place ?? ""}"."${name ?? ""}" t`,
    );
    rows[`${place ?? ""}.${name ?? ""}`] = found[0]?.digest;
  }
  return { schemas, objects, columns, rows };
}
