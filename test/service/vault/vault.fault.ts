/** A capability that keeps secrets, as people run it: what it declares is all that it takes. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { openPool } from "../../../src/db/pool.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, startProgram, temporaryFolder } from "../../childProgram.js";

const ROOT = new URL("../../../", import.meta.url);

describe("service: a capability that keeps secrets", function () {
  this.timeout(360_000);
  let database: ScratchDatabase;
  let folder: string;
  let keyFile: string;

  before(async () => {
    folder = await temporaryFolder();
    keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
  });
  beforeEach(async () => {
    database = await openScratchDatabase();
  });
  afterEach(() => database.close());
  after(() => removeFolder(folder));

  const start = (settings: Record<string, string>, args: readonly string[] = []) =>
    startProgram("test/service/vault/vaultProgram.ts", args, {
      settings: { DATABASE_URL: database.url, PORT: "0", SIGNPOST_DIR: folder, ...settings },
      cwd: folder,
    });
  const put = async (url: string, id: string, secret: string) => {
    const headers = { "content-type": "text/plain" };
    const response = await fetch(`${url}/vault/${id}`, { method: "PUT", body: secret, headers });
    expect(response.status).to.equal(204);
  };
  const get = async (url: string, id: string) => (await fetch(`${url}/vault/${id}`)).text();

  for (const count of [1, 2]) {
    it(`writes and reads them, through a rotation and a restart, in ${count} processes`, async () => {
      const settings = { SECRETS_KEY_LOCATION: `file:${keyFile}`, PROCESSES: String(count) };
      const first = start(settings);
      const url = await first.printed(/listens? on (http:\S+)/);
      await put(url, "a", "hunter2");
      await put(url, "b", "other");
      expect(await get(url, "a")).to.equal("hunter2");
      expect(await get(url, "c")).to.equal("");

      const rotated = await start(settings, ["secrets", "rotate"]).ended;
      expect(rotated.stdout).to.match(/^2 secrets were sealed anew; 1 data key is gone/);
      expect(await get(url, "a")).to.equal("hunter2");
      await put(url, "b", "changed");
      first.process.kill("SIGTERM");
      expect(await first.ended, first.output()).to.include({ exitStatus: 0 });
      expect(first.output()).not.to.include("hunter2");

      const second = start(settings);
      expect(await get(await second.printed(/listens? on (http:\S+)/), "b")).to.equal("changed");
      second.process.kill("SIGTERM");
      expect(await second.ended).to.include({ exitStatus: 0 });
      expect(await holdsText("changed")).to.equal(false);
    });
  }

  /** Whether the database shows the text anywhere in the capability's table. */
  async function holdsText(text: string): Promise<boolean> {
    const pool = openPool({ url: database.url });
    const table = `${database.schema}_vault.secret`;
    const { rows } = await pool.query<{ value: Buffer }>(`select value from ${table}`);
    await pool.end();
    expect(rows).to.have.length(2);
    return rows.some(({ value }) => value.includes(text));
  }

  it("serves as a database user with the rights that docs/operations/secrets.md names", async () => {
    const settings = { SECRETS_KEY_LOCATION: `file:${keyFile}` };
    const first = start(settings);
    await first.printed(/listens? on (http:\S+)/);
    first.process.kill("SIGTERM");
    await first.ended;
    const { schema } = database;
    const user = `user_${schema}`;
    const guide = await readFile(new URL("docs/operations/secrets.md", ROOT), "utf8");
    const [, grants = ""] = /```sql\n([^`]+)```/.exec(guide) ?? [];
    expect(grants).to.match(/ to bridge;/);
    const pool = openPool({ url: database.url });
    await pool.query(`create role ${user} login`);
    try {
      await pool.query(
        `${grants.replace(/\bsignpost(?=[.,]|_sealing)/g, schema).replaceAll("bridge", user)}
         grant usage on schema ${schema}_vault to ${user};
         grant select, insert, update on ${schema}_vault.secret to ${user};`,
      );
      const asUser = start({ ...settings, DATABASE_URL: `${database.url}&user=${user}` });
      const url = await asUser.printed(/listens? on (http:\S+)/);
      await put(url, "a", "hunter2");
      expect(await get(url, "a")).to.equal("hunter2");
      asUser.process.kill("SIGTERM");
      await asUser.ended;
    } finally {
      await pool.query(`drop owned by ${user}; drop role ${user}`);
      await pool.end();
    }
  });

  it("does not start without a key, and says what to do", async () => {
    const refused = start({});
    expect(await refused.ended).to.include({ exitStatus: 1 });
    expect(refused.output()).to.match(
      /signpost: A secret is to be kept, but SECRETS_KEY_LOCATION is not set\. Make a key with/,
    );
  });
});
