/** Lists that are longer than a page of the service: the client brings all of them, and nothing twice. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { openPool, type Pool } from "../../src/db/pool.js";
import { namehash } from "../../src/ens/namehash.js";
import { earlierRecordsAction } from "../../src/registry/names/verifiedActions.js";
import { createClient, createWalletClient } from "../../src/sdk/index.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../http/openTestService.js";
import { writeAsService } from "../registry/changes/serviceWrites.js";
import { everyItem } from "./everyItem.js";

describe("sdk/client: pages of the service's own size", () => {
  let http: TestService;
  let pool: Pool;
  before(async () => {
    http = await openTestService();
    pool = openPool({ url: http.databaseUrl });
  });
  after(async () => {
    await pool.end();
    await http.stop();
  });

  const signpost = () => createClient({ url: http.url, apiKey: API_KEY });
  /** How many items a page has where nobody says how many, and where the next one begins. */
  const firstPage = async (path: string, items: string) => {
    const { status, body } = await http.v1("GET", path);
    expect(status).to.equal(200);
    return { count: (body[items] as unknown[]).length, next: body["next"] };
  };
  const labels = (count: number) =>
    Array.from({ length: count }, (_, index) => `${String(index).padStart(4, "0")}.${DOMAIN}`);

  it("names: 100, and one more", async () => {
    const names = labels(101);
    const insert = async (some: readonly string[]) =>
      pool.query(
        "insert into name (node, name, domain) select node, name, $3 from unnest($1::bytea[], $2::text[]) as n (node, name)",
        [some.map(namehash), some, DOMAIN],
      );
    const listed = async () => (await everyItem(signpost().names.list())).map(({ name }) => name);

    await insert(names.slice(0, 100));
    expect(await firstPage("/names", "names")).to.deep.equal({ count: 100, next: null });
    expect(await listed()).to.deep.equal(names.slice(0, 100));
    await insert(names.slice(100));
    expect(await firstPage("/names", "names")).to.deep.equal({ count: 100, next: names[99] });
    expect(await listed()).to.deep.equal(names);
  });

  it("reservations: 1,000, and one more", async () => {
    const names = labels(1_001);
    const insert = async (some: readonly string[]) =>
      pool.query("insert into reservation (name, domain) select unnest($1::text[]), $2", [
        some,
        DOMAIN,
      ]);
    const listed = async () =>
      (await everyItem(signpost().reservations.list())).map(({ name }) => name);
    const page = () => firstPage("/reservations", "reservations");

    await insert(names.slice(0, 1_000));
    expect(await page()).to.deep.equal({ count: 1_000, next: null });
    expect(await listed()).to.deep.equal(names.slice(0, 1_000));
    await insert(names.slice(1_000));
    expect(await page()).to.deep.equal({ count: 1_000, next: names[999] });
    expect(await listed()).to.deep.equal(names);
  });

  describe("histories: 100 entries, and one more", () => {
    const write = (name: string, count: number) =>
      writeAsService(
        http.service,
        DOMAIN,
        name,
        Array.from({ length: count }, (_, index) =>
          earlierRecordsAction({ texts: { index: String(index) } }),
        ),
      );
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

    it("of the service's names", async () => {
      const name = `long.${DOMAIN}`;
      const path = `/names/${name}/history`;
      const listed = async () =>
        (await everyItem(signpost().names.history(name))).map(({ entry }) => entry.number);

      await write(name, 100);
      expect(await firstPage(path, "entries")).to.deep.equal({ count: 100, next: null });
      expect(await listed()).to.deep.equal(numbers(100));
      await write(name, 1);
      expect(await firstPage(path, "entries")).to.deep.equal({ count: 100, next: 100 });
      expect(await listed()).to.deep.equal(numbers(101));
    });

    it("of a wallet's own name, each page with the same signature", async () => {
      const name = `own.${DOMAIN}`;
      const wallet = Wallet.createRandom();
      const mine = createWalletClient({ url: http.url, wallet });
      await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
      await write(name, 100);
      await pool.query("update name set addresses = $2 where name = $1", [
        name,
        { "60": wallet.address.toLowerCase() },
      ]);
      const listed = await everyItem(mine.history(name));
      expect(listed.map(({ entry }) => entry.number)).to.deep.equal(numbers(100));
      // what was found, and then the owner's own
      await mine.setRecords(name, { texts: {} });
      const all = await everyItem(mine.history(name));
      expect(all.map(({ entry }) => entry.number)).to.deep.equal(numbers(102));
    });
  });
});
