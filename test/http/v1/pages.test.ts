/** Lists of what is as large as it may be: each page has its bound, and all pages together miss nothing. */
import { expect } from "chai";
import { DOMAIN, openTestService, type TestService } from "../openTestService.js";

/** 64 texts of 4 KiB. */
const LARGE = {
  texts: Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`k${i}`, "x".repeat(4_000)])),
};
const MEBIBYTE = 1024 * 1024;

describe("http: pages of the service API", () => {
  let http: TestService;
  before(async () => {
    http = await openTestService();
    for (let index = 0; index < 30; index++) {
      const name = `${index < 15 ? "large" : "small"}-${String(index).padStart(2, "0")}.${DOMAIN}`;
      const records = index < 15 ? LARGE : { texts: { url: "https://a.example" } };
      expect(await http.v1("PUT", `/names/${name}/records`, records)).to.include({ status: 200 });
    }
  });
  after(() => http.stop());

  async function all<Item>(path: string, list: string, size: (items: readonly Item[]) => number) {
    const items: Item[] = [];
    const sizes: number[] = [];
    for (let after: string | number | null | undefined; after !== null;) {
      const { status, body } = await http.v1(
        "GET",
        path + (after === undefined ? "" : `after=${String(after)}`),
      );
      expect(status).to.equal(200);
      const page = body[list] as Item[];
      expect(JSON.stringify(body).length).to.be.below(2 * MEBIBYTE);
      sizes.push(size(page));
      items.push(...page);
      after = body["next"] as string | number | null;
    }
    return { items, sizes };
  }

  it("of names are bounded by bytes as well as by number, and miss none", async () => {
    const { items, sizes } = await all<{ name: string }>(
      "/names?",
      "names",
      ({ length }) => length,
    );
    expect(items.map(({ name }) => name)).to.deep.equal([...items.map(({ name }) => name)].sort());
    expect(new Set(items.map(({ name }) => name)).size).to.equal(30);
    // a page ends with the name that takes it over a mebibyte
    expect(sizes).to.deep.equal([5, 5, 5, 15]);
    expect(
      (await all("/names?prefix=small&", "names", ({ length }) => length)).sizes,
    ).to.deep.equal([15]);
    const small = await all("/names?prefix=small&limit=4&", "names", ({ length }) => length);
    expect(small.sizes).to.deep.equal([4, 4, 4, 3]);
  });

  it("of a history as well", async () => {
    const name = `large-00.${DOMAIN}`;
    for (let index = 0; index < 11; index++) {
      const texts: Record<string, string> = {};
      for (let k = 0; k < 64; k++) texts[`k${k}`] = `${index}`.padEnd(4_000, "y");
      await http.v1("PUT", `/names/${name}/records`, { texts });
    }
    const { items, sizes } = await all<{ entry: { number: number } }>(
      `/names/${name}/history?`,
      "entries",
      ({ length }) => length,
    );
    expect(items.map(({ entry }) => entry.number)).to.deep.equal(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect(sizes).to.deep.equal([5, 5, 2]);
  });
});
