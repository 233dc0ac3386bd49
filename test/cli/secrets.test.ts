import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { startProgram } from "../childProgram.js";
import { openMigratedPool } from "../db/migratedPool.js";
import { openSealingWorld, type SealingWorld } from "../db/sealing/sealingWorld.js";

const ISO = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";
const ID = "[0-9a-f]{8}-[0-9a-f-]{27}";

describe("signpost secrets", function () {
  this.timeout(360_000);
  let world: SealingWorld;
  let keyFile: string;
  let newFile: string;

  before(async () => {
    world = await openSealingWorld();
    keyFile = await world.newKeyFile();
    newFile = await world.newKeyFile();
  });
  beforeEach(() => world.pool.query(`truncate ${world.schemas.sealing}.data_key cascade`));
  after(() => world.close());

  /** `signpost` itself knows no capability yet that keeps secrets; `withPasswords` knows the one of these tests. */
  async function runIn(program: string, args: string[], settings: Record<string, string>) {
    const child = startProgram(program, args, {
      settings: { DATABASE_URL: world.url, ...settings },
      cwd: world.folder,
    });
    const { exitStatus, stdout } = await child.ended;
    return { exitStatus, stdout, output: child.output() };
  }
  const signpost = (args: string[], settings: Record<string, string> = {}) =>
    runIn("src/cli/main.ts", ["secrets", ...args], settings);
  const withPasswords = (args: string[], settings: Record<string, string> = {}) =>
    runIn("test/cli/secretsProgram.ts", ["secrets", ...args], settings);

  it("makes a key in a new file, and shows it to nobody", async () => {
    const made = await signpost(["new-key", "secrets.key"]);
    expect(made.exitStatus, made.output).to.equal(0);
    expect(made.stdout).to.equal(
      "A key is in secrets.key; back it up, and set SECRETS_KEY_LOCATION=file:secrets.key\n",
    );
    const file = join(world.folder, "secrets.key");
    const key = await readFile(file, "utf8");
    expect(key).to.match(/^0x[0-9a-f]{64}\n$/);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(made.output).not.to.include(key.slice(2, 10));
    const again = await signpost(["new-key", "secrets.key"]);
    expect([again.exitStatus, await readFile(file, "utf8")]).to.deep.equal([2, key]);
    expect(again.output).to.match(/cannot be made \(EEXIST\)/);
  });

  it("asks for nothing where there are no secrets", async () => {
    const { exitStatus, stdout } = await signpost(["status"]);
    const [database, ...lines] = stdout.split("\n");
    expect(database).to.match(/^database {2}the Postgres of DATABASE_URL, \w+ (on|at) \S+/);
    expect([exitStatus, lines]).to.deep.equal([
      0,
      [
        "SECRETS_KEY_LOCATION is not set; nothing can be sealed.",
        "There are no secrets in this database.",
        "",
      ],
    ]);
    const rotated = await signpost(["rotate"]);
    expect(rotated.exitStatus).to.equal(2);
    expect(rotated.output).to.match(
      /There are no secrets in this database, .* nothing to rotate\.$/m,
    );
    const json = await signpost(["status", "--json"], { SECRETS_KEY_LOCATION: `file:${keyFile}` });
    expect(JSON.parse(json.stdout)).to.deep.include({
      database: database?.slice("database  ".length),
      dataKeys: [],
    });
    expect(json.stdout).to.match(/"id": "file:[0-9a-f]{16}"/);
  });

  it("only reads where nobody ever kept a secret, by a user who may make nothing, until it rotates", async () => {
    const database = await openMigratedPool();
    const { pool } = database;
    const reader = `reader_${database.schema}`;
    await pool.query(`create role ${reader} login`);
    try {
      await pool.query(`grant usage on schema ${database.schema} to ${reader}`);
      const schemas = async () => {
        const { rows } = await pool.query<{ name: string }>(
          `select nspname as name from pg_namespace where starts_with(nspname, $1)
           union all select relname from pg_class where relnamespace = $1::regnamespace order by 1`,
          [database.schema],
        );
        return rows.map(({ name }) => name);
      };
      const before = await schemas();
      const asReader = { DATABASE_URL: `${database.url}&user=${reader}` };
      const { exitStatus, stdout, output } = await withPasswords(["status"], asReader);
      expect(exitStatus, output).to.equal(0);
      expect(stdout).to.match(/There are no secrets in this database\.\n$/);
      expect(await schemas()).to.deep.equal(before);

      const settings = { DATABASE_URL: database.url, SECRETS_KEY_LOCATION: `file:${keyFile}` };
      const rotated = await withPasswords(["rotate"], settings);
      expect(rotated.exitStatus, rotated.output).to.equal(0);
      expect(await schemas()).to.include(`${database.schema}_sealing`);
    } finally {
      await pool.query(`drop owned by ${reader}; drop role ${reader}`);
      await database.close();
    }
  });

  it("shows which keys the secrets need, rotates them, and shows that the former key is free", async () => {
    const keeper = await world.keeper([keyFile]);
    await keeper.write(1n, "hunter2");
    await keeper.write(2n, "other");
    const both = {
      SECRETS_KEY_LOCATION: `file:${newFile}`,
      SECRETS_FORMER_KEY_LOCATIONS: `file:${keyFile},aws-kms:alias/none`,
    };
    const before = await withPasswords(["status"], { ...both, AWS_EC2_METADATA_DISABLED: "true" });
    expect(before.exitStatus, before.output).to.equal(0);
    expect(before.stdout).to.match(
      new RegExp(
        `^database  .*\nkey  file:\\w{16}  the file ${newFile}, wraps nothing in this database\n` +
          `former key  file:\\w{16}  the file ${keyFile}, wraps 1 data key\n` +
          `former key  not known: AWS KMS gave no answer .*  AWS KMS, key alias/none\n` +
          `data key  ${ID}  current, made at ${ISO}, wrapped by file:\\w{16}: 2 in mail.account.password\n$`,
      ),
    );

    const rewrapped = await signpost(["rotate", "--wrapping-only"], both);
    const free = await signpost(["status"], { ...both, AWS_EC2_METADATA_DISABLED: "true" });
    expect(free.stdout).to.match(
      /^former key .*, wraps nothing in this database: take it out .* keep the key itself as long as any backup from before$/m,
    );
    expect(rewrapped.stdout).to.equal("1 data key was wrapped by the present key, 0 were left.\n");
    const only = { SECRETS_KEY_LOCATION: `file:${newFile}` };
    const rotated = await withPasswords(["rotate", "--json"], only);
    expect(rotated.exitStatus, rotated.output).to.equal(0);
    const report = JSON.parse(rotated.stdout) as Record<string, unknown>;
    expect(report).to.deep.include({ moved: 2, left: [], unreadable: { count: 0, first: [] } });
    expect(report["dropped"]).to.have.length(1);
    expect(await (await world.keeper([newFile])).read(1n)).to.equal("hunter2");
    expect(rotated.output).not.to.include("hunter2");
    const after = await withPasswords(["status", "--json"], only);
    const { dataKeys } = JSON.parse(after.stdout) as { dataKeys: Record<string, unknown>[] };
    expect(dataKeys).to.have.length(1);
    expect(dataKeys[0]).to.deep.include({
      state: "current",
      isHere: true,
      seals: 2,
      values: { "mail.account.password": 2 },
    });
  });

  it("tells a script by its exit status what is missing, and goes on without it when told to", async () => {
    const keeper = await world.keeper([keyFile]);
    await keeper.write(1n, "hunter2");
    const only = { SECRETS_KEY_LOCATION: `file:${newFile}` };
    const status = await signpost(["status"], only);
    expect(status.exitStatus).to.equal(1);
    expect(status.stdout).to.match(/wrapped by file:\w{16}, WHICH IS NOT HERE: seals nothing that/);
    const unknown = {
      SECRETS_KEY_LOCATION: "aws-kms:alias/none",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    const away = await signpost(["status"], unknown);
    expect(away.exitStatus).to.equal(4);
    expect(away.stdout).to.match(/which may be here: KMS did not say/);

    const refused = await signpost(["rotate", "--json"], only);
    expect(refused.exitStatus).to.equal(2);
    const { error } = JSON.parse(refused.stdout) as { error: Record<string, unknown> };
    const [dataKey] = await keeper.store.all();
    expect(error).to.deep.include({
      code: "SECRETS_KEY_MISSING",
      details: { wrappingKey: dataKey!.wrappingKey, dataKey: dataKey!.id },
    });
    const none = await signpost(["rotate"]);
    expect(none.exitStatus).to.equal(2);
    expect(none.output)
      .to.include(`are sealed by the key ${dataKey!.wrappingKey}, but SECRETS_KEY_LOCATION is not`)
      .and.match(/Set it to where that key is/)
      .and.not.match(/new-key/);

    const flags = ["--wrapping-only", "--leave-unreadable"];
    const wrapped = await signpost(["rotate", ...flags], only);
    expect(wrapped.exitStatus, wrapped.output).to.equal(1);
    expect(wrapped.stdout).to.match(
      new RegExp(`^left  ${dataKey!.id}  it cannot be .*\n0 data keys were .*, 1 was left`),
    );
    const left = await signpost(["rotate", "--leave-unreadable"], only);
    expect(left.exitStatus).to.equal(1);
    expect(left.stdout).to.match(
      new RegExp(
        `^left  ${dataKey!.id}  needed by secrets.*\n0 secrets were sealed anew; .* 1 was left`,
      ),
    );
    // of the next ones it is a reminder, and no failure
    const next = await signpost(["rotate"], only);
    expect(next.exitStatus, next.output).to.equal(0);
    expect(next.stdout).to.match(new RegExp(`^left before  ${dataKey!.id}  its key is still`));
  });

  it("counts the secrets of a lost key as unreadable, and says which they are", async () => {
    const keeper = await world.keeper([keyFile]);
    for (let id = 0n; id < 60n; id++) await keeper.write(id, "hunter2");
    const only = { SECRETS_KEY_LOCATION: `file:${newFile}` };
    const { exitStatus, stdout } = await withPasswords(["rotate", "--leave-unreadable"], only);
    expect(exitStatus).to.equal(1);
    expect(stdout.match(/^unreadable {2}mail\.account\.password {2}/gm)).to.have.length(60);
    expect(stdout).to.match(/; 60 secrets are unreadable\.\n$/);
  });

  it("says which secrets are unreadable", async () => {
    const keeper = await world.keeper([keyFile]);
    await keeper.write(7n, "hunter2");
    const table = `${world.schemas.own}.account`;
    await world.pool.query(
      `update ${table} set password = set_byte(password, 20, get_byte(password, 20) # 1)`,
    );
    const only = { SECRETS_KEY_LOCATION: `file:${keyFile}` };
    const { exitStatus, stdout } = await withPasswords(["rotate"], only);
    expect(exitStatus).to.equal(1);
    expect(stdout).to.match(/^unreadable {2}mail\.account\.password {2}example\.org 7\n/);
    expect(stdout).to.match(/1 secret is unreadable\.\n$/);
    const json = await withPasswords(["rotate", "--json"], only);
    expect(JSON.parse(json.stdout)).to.deep.include({
      unreadable: {
        count: 1,
        first: [{ column: "mail.account.password", row: ["example.org", "7"] }],
      },
    });
  });

  it("tells of all other keys where the file of one is gone: 1", async () => {
    const keeper = await world.keeper([keyFile]);
    await keeper.write(1n, "hunter2");
    for (const [settings, lines] of [
      [
        { SECRETS_KEY_LOCATION: `file:${keyFile}`, SECRETS_FORMER_KEY_LOCATIONS: "file:gone.key" },
        "key  file:\\w{16}  the file .*, wraps 1 data key\\n" +
          "former key  NOT HERE: There is no .* gone\\.key\\. .*  the file gone\\.key\\n" +
          `data key  ${ID}  current, made at ${ISO}, wrapped by file:\\w{16}: 1 in mail`,
      ],
      [
        { SECRETS_KEY_LOCATION: `file:${newFile}`, SECRETS_FORMER_KEY_LOCATIONS: "file:gone.key" },
        `data key  ${ID}  current, made at ${ISO}, wrapped by file:\\w{16}, WHICH IS NOT HERE: 1 in`,
      ],
    ] as const) {
      const { exitStatus, stdout, output } = await withPasswords(["status"], settings);
      expect(exitStatus, output).to.equal(1);
      expect(stdout).to.match(new RegExp(`^${lines}`, "m"));
    }
    // others refuse
    const rotated = await signpost(["rotate"], { SECRETS_KEY_LOCATION: "file:gone.key" });
    expect(rotated.exitStatus).to.equal(2);
    expect(rotated.output).to.match(
      /There is no file of the key for secrets gone\.key\. Check the path/,
    );
  });

  it("refuses wrong settings", async () => {
    const { exitStatus, output } = await signpost(["status"], { SECRETS_KEY_LOCATION: "hunter2" });
    expect(exitStatus, output).to.equal(2);
    expect(output)
      .to.match(/SECRETS_KEY_LOCATION: must be file:<path> or aws-kms:/)
      .and.not.to.include("hunter2");
  });
});
