/** A mirror's process is killed again and again while it follows: nothing is lost, and nothing comes twice. */
import { expect } from "chai";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { openTransfer } from "../capabilities/registry/transfer/openTransfer.js";
import { type ChildProgram, startProgram } from "../childProgram.js";
import { bytes } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import {
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "../mirror/installations.js";
import { setRecords } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../registry/openRegistry.js";

const NAMES = 300;
const KILLS = 4;
const PATIENCE_MS = 60_000;

describe("faults: a mirror that is killed while it follows", function () {
  this.timeout(540_000);
  let primary: TestRegistry;
  let api: ServiceApi;
  let here: MirrorHere;
  let program: ChildProgram | undefined;

  before(async () => {
    primary = await openRegistry();
    api = await openServiceApi(primary.pool);
    here = await openMirrorHere();
  });
  after(async () => {
    program?.process.kill("SIGKILL");
    await here.close();
    await api.close();
    await primary.close();
  });

  const put = (index: number, url: string) =>
    setRecords(primary.stores, {
      ...{ domain: DOMAIN, name: `user-${index % NAMES}.${DOMAIN}` },
      records: { texts: { url } },
    });

  async function start(): Promise<ChildProgram> {
    const started = startProgram("src/main.ts", [], {
      settings: {
        SIGNPOST_DIR: here.folder,
        PORT: "0",
        DATABASE_URL: here.databaseUrl,
        GATEWAY_SIGNER_KEY: `0x${"11".repeat(32)}`,
        SECRETS_KEY_LOCATION: `file:${here.wrappingKeyFile}`,
      },
      cwd: here.folder,
    });
    await started.printed(/Signpost listens on (http:\S+)/);
    return started;
  }

  const copied = async () => {
    const { rows } = await here.pool.query<{ count: string }>("select count(*) from name");
    return Number(rows[0]?.count);
  };

  it("has what its primary has in the end, byte for byte", async () => {
    for (let index = 0; index < NAMES; index++) await put(index, "first");
    await here.add({ url: api.url, apiKey: apiKeyFrom(bytes(32, 0)) });
    const writer = { isOver: false };
    const writing = (async () => {
      for (let index = 0; !writer.isOver; index++) await put(index * 7, `change ${index}`);
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      // the lease of the one that was killed is over for the next one
      await here.pool.query("update mirror set lease_until = null");
      const before = (await mirrorStore(here.pool).mirrorOf(DOMAIN))!.progress.cursor;
      program = await start();
      const hasMoved = async () => {
        const { progress } = (await mirrorStore(here.pool).mirrorOf(DOMAIN))!;
        return progress.cursor !== before && (await copied()) > 0;
      };
      await until(hasMoved, PATIENCE_MS);
      program.process.kill("SIGKILL");
      await program.ended;
    }
    writer.isOver = true;
    await writing;
    await here.pool.query("update mirror set lease_until = null");
    program = await start();
    const transfer = await openTransfer();
    const isSame = async () =>
      (await transfer.exported(primary.pool)) === (await transfer.exported(here.pool));
    await until(isSame, PATIENCE_MS);
    expect((await mirrorStore(here.pool).mirrorOf(DOMAIN))?.problems).to.equal(0);
    await transfer.close();
  });
});
