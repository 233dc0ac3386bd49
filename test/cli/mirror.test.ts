/** `signpost mirror promote` and `remove` as an operator sees them end. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { apiKeyFrom, sessionKeyFrom } from "../../src/registry/domains/apiKey.js";
import { startProgram } from "../childProgram.js";
import { bytes } from "../db/sampleNames.js";
import {
  followToTheEnd,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "../mirror/installations.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../registry/openRegistry.js";

const TO = "https://new.example/";
const TOKEN = "00000000-0000-4000-8000-000000000001";

describe("signpost mirror", function () {
  this.timeout(360_000);
  let old: TestRegistry;
  let oldApi: ServiceApi;
  let here: MirrorHere;

  beforeEach(async () => {
    old = await openRegistry();
    oldApi = await openServiceApi(old.pool);
    here = await openMirrorHere();
    const place = { url: oldApi.url, apiKey: apiKeyFrom(bytes(32, 0)) };
    await here.add(place);
    await followToTheEnd(here.parts(place));
  });
  afterEach(async () => {
    await here.close();
    await oldApi.close();
    await old.close();
  });

  async function run(...args: string[]) {
    const program = startProgram("src/cli/main.ts", ["mirror", ...args], {
      settings: {
        DATABASE_URL: here.databaseUrl,
        SECRETS_KEY_LOCATION: `file:${here.wrappingKeyFile}`,
      },
      cwd: here.folder,
    });
    const { exitStatus } = await program.ended;
    return { exitStatus, output: program.output() };
  }

  const keyTable = async () => {
    const { rows } = await here.pool.query<{ schema: string }>(
      "select table_schema as schema from information_schema.tables where table_name = 'mirror_key' and table_schema like current_schema() || '%'",
    );
    return `"${rows[0]?.schema}".mirror_key`;
  };
  const keysHere = async () => (await here.pool.query(`select from ${await keyTable()}`)).rowCount;

  it("is added with a key that lasts, and not with that of a session", async () => {
    const file = join(here.folder, "session-key");
    await writeFile(file, sessionKeyFrom(bytes(32, 9)), { mode: 0o600 });
    const flags = ["--from", oldApi.url, "--key-file", file];
    const { exitStatus, output } = await run("add", "other.example.eth", ...flags);
    expect(exitStatus, output).to.equal(2);
    expect(output).to.match(/key of a session.*signpost key add other\.example\.eth/);
  });

  it("promotes also where the old key cannot be dropped, and drops it when it is run again", async () => {
    await here.pool.query(`
      create function keep_key() returns trigger language plpgsql as $$ begin raise 'full disk'; end $$;
      create trigger keep before delete on ${await keyTable()} for each row execute function keep_key()`);
    const promoted = await run("promote", DOMAIN, "--to", TO);
    expect(promoted.output).to.match(/is changed here from now on[^]*Warning: the API key/);
    expect(promoted.exitStatus).to.equal(0);
    expect(await keysHere()).to.equal(1);
    await here.pool.query(`drop trigger keep on ${await keyTable()}`);
    const again = await run("promote", DOMAIN, "--to", TO);
    expect(again.output).to.match(/promoted already/);
    expect([again.exitStatus, await keysHere()]).to.deep.equal([1, 0]);
  });

  it("removes no mirror while it is promoted, and tells of a primary that may be frozen for it", async () => {
    const store = mirrorStore(here.pool);
    const lease = { domain: DOMAIN, token: TOKEN };
    await store.take(lease, 60_000, true);
    await store.notePromotion(lease, TO);
    expect((await run("remove", DOMAIN)).output).to.match(/being promoted at this moment/);
    expect(await store.mirrorOf(DOMAIN)).to.not.equal(null);
    await store.letGo(lease);
    const { output, exitStatus } = await run("remove", DOMAIN);
    expect(output)
      .to.include(`${oldApi.url} may be frozen`)
      .and.match(/unfreeze .* there/);
    expect([exitStatus, await store.mirrorOf(DOMAIN)]).to.deep.equal([0, null]);
  });
});
