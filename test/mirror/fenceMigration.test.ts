/** Migration 0029 sets the fence around mirrors that were made before it. */
import { expect } from "chai";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { migrate } from "../../src/db/migrate.js";
import { openPool } from "../../src/db/pool.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";

describe("mirror: migration 0029", () => {
  it("fences each mirror for itself, and tells nobody where a private primary lies", async () => {
    const database = await openScratchDatabase();
    const pool = openPool({ url: database.url });
    const tables = await registryTables();
    const migrations = tables.migrations.filter(({ number }) => number < 29);
    await migrate(pool, { ...tables, migrations });
    await pool.query(`
      insert into domain (name, frozen, frozen_to) values
        ('private.eth', true, 'http://10.0.0.1/'), ('public.eth', true, 'https://p.example/'),
        ('sent.eth', true, 'https://p.example/'), ('moved.eth', true, 'http://10.0.0.1/');
      insert into mirror (domain, primary_url, network) values
        ('private.eth', 'http://10.0.0.1/', '10.0.0.0/8'), ('public.eth', 'https://p.example/', null),
        ('sent.eth', 'http://10.0.0.1/', '10.0.0.0/8')`);
    await migrate(pool, tables);
    const { rows } = await pool.query<{ name: string }>(`
      select name, frozen_to as to, fenced_by is not null as "isFenced", fenced_by = promoter as "isItsOwn"
      from domain left join mirror on mirror.domain = name order by name`);
    const to = "https://p.example/";
    expect(rows).to.deep.equal([
      { name: "moved.eth", to: "http://10.0.0.1/", isFenced: false, isItsOwn: null },
      { name: "private.eth", to: null, isFenced: true, isItsOwn: true },
      { name: "public.eth", to, isFenced: true, isItsOwn: true },
      { name: "sent.eth", to, isFenced: true, isItsOwn: true },
    ]);
    await pool.end();
    await database.close();
  });
});
