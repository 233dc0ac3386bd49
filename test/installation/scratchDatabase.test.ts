import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openPool } from "../../src/db/pool.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { namesIn, until } from "../embedded-postgres/holder.js";

describe("db/scratchDatabase", () => {
  it("gives each its own empty schema, by the URL alone, and drops it", async () => {
    const [one, two] = await Promise.all([openScratchDatabase(), openScratchDatabase()]);
    const pools = [openPool({ url: one.url }), openPool({ url: two.url })] as const;
    for (const pool of pools) await pool.query("create table same_name ()");
    await one.close();
    const { rows } = await pools[1].query(
      "select table_schema from information_schema.tables where table_name = 'same_name'",
    );
    expect(rows).to.deep.include({ table_schema: two.schema });
    expect(rows).not.to.deep.include({ table_schema: one.schema });
    await two.close();
    for (const pool of pools) await pool.end();
  });

  it("throws its server away when the process ends, and when it is killed", async function () {
    this.timeout(90_000);
    const programs = await Promise.all([startProgram(), startProgram()]);
    const [ending, killed] = programs;
    for (const { folder } of programs) expect(await namesIn(folder)).to.include("data");
    killed.child.kill("SIGKILL");
    ending.child.stdin.end(); // nothing else keeps it running
    const [code] = (await once(ending.child, "exit")) as [number | null];
    expect(code).to.equal(0);
    for (const { folder } of programs) {
      await until(async () => (await namesIn(folder)).length === 0, 10_000);
    }
  });
});

async function startProgram() {
  const program = fileURLToPath(new URL("scratchProgram.ts", import.meta.url));
  const env = { ...process.env };
  delete env["DATABASE_URL"];
  const args = ["--import", "tsx", program];
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const folder = new URLSearchParams(url.split("?")[1]).get("host") ?? "";
  return { child, folder };
}
