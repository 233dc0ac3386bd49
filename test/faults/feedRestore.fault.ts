/** A domain's feed of changes whose database is restored from a backup that is older than what its followers have read. */
import { expect } from "chai";
import pg from "pg";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { changeFeed } from "../../src/db/feed/changeFeed.js";
import { migrate } from "../../src/db/migrate.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool } from "../../src/db/pool.js";
import { namehash } from "../../src/ens/namehash.js";
import type { FeedPlace } from "../../src/registry/feed/changeFeed.js";
import { putName } from "../db/putName.js";
import { sampleName } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { type PostgresServer, startPostgres } from "./postgresServer.js";

const DOMAIN = "users.example.eth";

describe("faults: a feed of changes whose database was restored", function () {
  this.timeout(360_000);
  let postgres: PostgresServer;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.remove());

  async function ask(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  async function open() {
    const url = new URL(postgres.url);
    url.pathname = "/live";
    const pool = openPool({ url: url.href });
    await migrate(pool, await registryTables());
    const feed = changeFeed(pool);
    return {
      pool,
      put: async (label: string) => {
        const name = `${label}.${DOMAIN}`;
        await putName(nameStore(pool), {
          ...sampleName(label),
          name,
          domain: DOMAIN,
          node: namehash(name),
        });
      },
      read: async (after: FeedPlace | null) => {
        const { place: from } = await feed.open(DOMAIN, after);
        const { changes, place } = await feed.read(DOMAIN, from, 100);
        return { labels: changes.map(({ stored }) => stored?.name.split(".")[0]), place };
      },
    };
  }

  it("takes what is written then, and sends followers who are ahead to its beginning", async () => {
    await ask("create database live");
    let live = await open();
    await live.pool.query("insert into domain (name) values ($1)", [DOMAIN]);
    await live.put("before");
    const { place: kept } = await live.read(null);
    await live.pool.end();
    await ask("create database backup template live");

    live = await open();
    for (const label of ["lost", "also-lost"]) await live.put(label);
    const { place: ahead } = await live.read(kept);
    expect(ahead.number).to.equal(2n);
    await live.pool.end();
    await ask("drop database live", "create database live template backup", "drop database backup");

    live = await open();
    // as many as were lost: to a follower who only counted, these would be the same
    for (const label of ["new", "also-new", "and-more"]) await live.put(label);
    for (const place of [ahead, kept]) {
      await expectRejection(live.read(place), "CURSOR_OUTDATED", /without a cursor/);
    }
    const { labels, place } = await live.read(null);
    expect(labels).to.have.members(["before", "new", "also-new", "and-more"]);
    await live.put("later");
    expect((await live.read(place)).labels).to.deep.equal(["later"]);
    await live.pool.end();
  });
});
