/** `signpost export` and `import` as people run them: over files, and killed in the middle. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { domainStore } from "../../src/db/domainStore.js";
import { migrate } from "../../src/db/migrate.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { changeEach } from "../../src/registry/changes/changeName.js";
import { noPause } from "../../src/registry/changes/clock.js";
import { startProgram } from "../childProgram.js";

const DOMAIN = "users.example.eth";
const RESOLVER = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
/** More than are written at a time. */
const NAMES = 6_000;

describe("signpost export and import", function () {
  this.timeout(720_000);
  let source: ScratchDatabase;
  let target: ScratchDatabase;
  let sourcePool: Pool;
  let targetPool: Pool;
  let folder: string;
  let file: string;

  before(async () => {
    [source, target] = [await openScratchDatabase(), await openScratchDatabase()];
    [sourcePool, targetPool] = [openPool({ url: source.url }), openPool({ url: target.url })];
    folder = await mkdtemp(join(tmpdir(), "signpost-transfer-"));
    file = join(folder, "users.ndjson");
    await run(source, "domain", "add", DOMAIN, "--chain", "1", "--resolver", RESOLVER);
    const stores = { names: nameStore(sourcePool), domains: domainStore(sourcePool) };
    const changes = Array.from({ length: NAMES }, (_, index) => ({
      domain: DOMAIN,
      name: `user-${index}.${DOMAIN}`,
      actions: [{ kind: "create" } as const],
      authority: { kind: "admin" } as const,
    }));
    await changeEach(stores, changes, Date.now, noPause);
  });
  after(async () => {
    await Promise.all([sourcePool.end(), targetPool.end()]);
    await Promise.all([source.close(), target.close(), rm(folder, { recursive: true })]);
  });

  function start({ url }: ScratchDatabase, ...args: string[]) {
    return startProgram("src/cli/main.ts", args, { settings: { DATABASE_URL: url }, cwd: "/tmp" });
  }

  async function run(database: ScratchDatabase, ...args: string[]) {
    const program = start(database, ...args);
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  }

  const namesThere = async () => {
    const { rows } = await targetPool.query<{ count: string }>("select count(*) from name");
    return Number(rows[0]!.count);
  };

  async function killedWhen(
    program: ReturnType<typeof start>,
    isReached: () => Promise<boolean>,
  ): Promise<void> {
    while (program.process.exitCode === null && !(await isReached().catch(() => false))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    program.process.kill("SIGKILL");
    await program.ended;
  }

  it("export finishes what was killed, with the bytes of a new export", async () => {
    const first = start(source, "export", DOMAIN, "--out", file);
    await killedWhen(first, async () => (await stat(`${file}.part`)).size > 0);
    expect(
      (await stat(file).catch(() => null))?.isFile() ?? false,
      "it was over too early",
    ).to.equal(false);
    const { exitStatus, output, stdout } = await run(
      source,
      "export",
      DOMAIN,
      "--out",
      file,
      "--resume",
      "--json",
    );
    expect(exitStatus, output).to.equal(0);
    const { counts, keptNames } = JSON.parse(stdout) as {
      counts: Record<string, number>;
      keptNames: number;
    };
    expect(counts).to.include({ name: NAMES, entry: NAMES });
    expect(keptNames).to.be.above(0).and.below(NAMES);
    const again = join(folder, "again.ndjson");
    await run(source, "export", DOMAIN, "--out", again);
    expect((await readFile(file)).equals(await readFile(again))).to.equal(true);
  });

  it("export --resume drops what is not true any more", async () => {
    const part = join(folder, "changed.ndjson");
    const lines = (await readFile(file, "utf8")).split("\n").slice(0, 2_000);
    await writeFile(`${part}.part`, `${lines.join("\n")}\n{"end":`);
    const stores = { names: nameStore(sourcePool), domains: domainStore(sourcePool) };
    const name = `user-1000.${DOMAIN}`;
    await changeEach(
      stores,
      [{ domain: DOMAIN, name, actions: [{ kind: "delete" }], authority: { kind: "admin" } }],
      Date.now,
      noPause,
    );
    const { stdout } = await run(source, "export", DOMAIN, "--out", part, "--resume", "--json");
    expect((JSON.parse(stdout) as { keptNames: number }).keptNames).to.equal(4);
    await run(source, "export", DOMAIN, "--out", file);
    expect((await readFile(file)).equals(await readFile(part))).to.equal(true);
  });

  it("export goes to standard output as well", async () => {
    const { stdout, exitStatus } = await run(source, "export", DOMAIN);
    expect(exitStatus).to.equal(0);
    expect(stdout).to.equal(await readFile(file, "utf8"));
  });

  it("import says what would happen, and writes nothing", async () => {
    const unused = await run(target, "import", file, "--dry-run");
    expect(unused.exitStatus).to.equal(2);
    expect(unused.output).to.include("No service ever ran on this database");
    await migrate(targetPool, await registryTables());
    const { exitStatus, stdout, output } = await run(target, "import", file, "--dry-run", "--json");
    expect(exitStatus, output).to.equal(0);
    const { counts, apiKey } = JSON.parse(stdout) as {
      counts: Record<string, object>;
      apiKey: null;
    };
    expect(counts["name"]).to.deep.equal({ imported: NAMES });
    expect(apiKey).to.equal(null);
    expect(await namesThere()).to.equal(0);
    expect((await targetPool.query("select from domain")).rowCount).to.equal(0);
  });

  it("import finishes what was killed, and nothing twice", async () => {
    const first = start(target, "import", file, "--json");
    await killedWhen(first, async () => (await namesThere()) > 0);
    const reached = await namesThere();
    expect(reached)
      .to.be.above(0)
      .and.below(NAMES - 1);
    const heads = await targetPool.query(
      "select from name_head h where not exists (select from name_history where node = h.node and number = h.number)",
    );
    expect(heads.rowCount, "nothing half").to.equal(0);
    expect(first.output()).to.match(/API key +signpost_/);
    const { exitStatus, output, stdout } = await run(target, "import", file, "--resume", "--json");
    expect(exitStatus, output).to.equal(0);
    const told = JSON.parse(stdout) as {
      counts: Record<string, Record<string, number>>;
      lines: Record<string, number>;
      resumedNames: number;
      areCountsRight: boolean;
    };
    expect(told.areCountsRight).to.equal(true);
    expect(told.lines).to.include({ name: NAMES, entry: NAMES + 1 });
    // progress is kept with the names that it is about, so none is counted as if it had been there
    expect(told.counts["name"]).to.deep.equal({ imported: NAMES });
    expect(await namesThere()).to.equal(NAMES - 1);
    const again = join(folder, "target.ndjson");
    await run(target, "export", DOMAIN, "--out", again);
    expect((await readFile(file)).equals(await readFile(again))).to.equal(true);
    const verified = await run(target, "history", "verify", "--all");
    expect(verified.exitStatus, verified.output.slice(-500)).to.equal(0);
  });

  it("import refuses a file that is cut off", async () => {
    const cut = join(folder, "cut.ndjson");
    await writeFile(cut, (await readFile(file, "utf8")).slice(0, -100));
    const { exitStatus, output } = await run(target, "import", cut);
    expect(exitStatus).to.equal(2);
    expect(output).to.include("is cut off");
  });

  it("import tells as a table what came of it", async () => {
    const { exitStatus, stdout } = await run(target, "import", file);
    expect(exitStatus).to.equal(0);
    expect(stdout).to.match(/imported +unchanged +kept +conflict +refused/);
    expect(stdout).to.match(new RegExp(`name +0 +${NAMES} +0 +0 +0`));
  });

  it("domain remove --with-names says how to export first, and asks", async () => {
    const asked = await run(target, "domain", "remove", DOMAIN, "--with-names");
    expect(asked.exitStatus).to.equal(2);
    expect(asked.output).to.include(`signpost export ${DOMAIN} --out`);
    expect(asked.output).to.include("Use --yes");
    expect(await namesThere()).to.be.above(0);
    const removed = await run(target, "domain", "remove", DOMAIN, "--with-names", "--yes");
    expect(removed.exitStatus, removed.output).to.equal(0);
    expect(removed.stdout).to.include("went with it; their histories stay");
    expect(await namesThere()).to.equal(0);
  });

  it("import takes names from a table", async () => {
    const table = join(folder, "users.csv");
    await writeFile(table, "id,username,avatar\n1,Ada,a\n2,ADA,b\n3,jane_doe,c\n");
    const args = ["import", table, "--domain", DOMAIN, "--text", "avatar=avatar"];
    const { exitStatus, stdout } = await run(source, ...args);
    expect(exitStatus).to.equal(1);
    expect(stdout).to.include("2 created, 1 collision");
    expect(stdout).to.match(/line 3 {2}collision {2}ada\.users\.example\.eth: line 2 is/);
    const { output } = await run(source, "import", table);
    expect(output).to.include("Give --domain");
  });
});
