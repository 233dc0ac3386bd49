/** kill -9 in the middle of an atomic batch of 10,000: none of it is there, and sent again, all of it is. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openPool, type Pool } from "../../src/db/pool.js";
import { findEmbeddedPostgres } from "../../src/embedded-postgres/embeddedPostgres.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { nothingLeft, type RunningService, startServiceProgram } from "../e2e/runningService.js";

const DOMAIN = "users.example.eth";
const ITEMS = 10_000;

describe("e2e: a crash in a batch", function () {
  this.timeout(1_200_000);
  let folder: string;
  let apiKey: string;
  let running: RunningService | null = null;

  before(async () => {
    folder = await temporaryFolder();
    running = await startServiceProgram(folder);
    const flags = ["--chain", "1", "--resolver", `0x${"5f".repeat(20)}`, "--json"];
    const { ended } = startProgram("src/cli/main.ts", ["domain", "add", DOMAIN, ...flags], {
      settings: { SIGNPOST_DIR: folder },
      cwd: folder,
    });
    apiKey = (JSON.parse((await ended).stdout) as { apiKey: string }).apiKey;
  });
  after(async () => {
    if (running) {
      running.program.process.kill("SIGKILL");
      await nothingLeft(running, folder);
    }
    await removeFolder(folder);
  });

  async function withPool<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
    const url = await findEmbeddedPostgres({ dir: `${folder}/postgres` });
    const pool = openPool({ url: url! });
    try {
      return await work(pool);
    } finally {
      await pool.end();
    }
  }

  const rows = () =>
    withPool(async (pool) => {
      const { rows: counts } = await pool.query<Record<string, string>>(
        "select (select count(*) from name) as names, (select count(*) from name_history) as entries, (select count(*) from name_head) as heads",
      );
      return counts[0]!;
    });

  const items = Array.from({ length: ITEMS }, (_, index) => ({
    name: `user-${index}.${DOMAIN}`,
    records: { texts: { index: String(index) } },
  }));
  const send = () =>
    fetch(`${running!.url}/v1/batches`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ atomic: true, items }),
    });

  it("leaves nothing of it, and sent again it is there as a whole", async () => {
    const answer = send().then(
      () => "answered",
      () => "cut off",
    );
    await withPool(async (pool) => {
      // the sequence moves with each row that is written, and does not wait for the commit
      for (let written = 0; written < ITEMS / 4;) {
        await delay(5);
        const { rows: found } = await pool.query<{ last: string }>(
          "select last_value as last from name_version",
        );
        written = Number(found[0]!.last);
      }
    });
    running!.program.process.kill("SIGKILL");
    expect(await answer).to.equal("cut off");
    await running!.program.ended;
    running = await startServiceProgram(folder);
    expect(await rows()).to.deep.equal({ names: "0", entries: "0", heads: "0" });

    const again = await send();
    expect(again.status).to.equal(200);
    const all = String(ITEMS);
    expect(await rows()).to.deep.equal({ names: all, entries: all, heads: all });
  });
});
