/** The feed of a domain over HTTP, and by the client. */
import { expect } from "chai";
import { createClient } from "../../../src/sdk/index.js";
import type { ChangeItem, ChangesPage } from "../../../src/wire/changes.js";
import { everyItem } from "../../service-client/everyItem.js";
import {
  API_KEY,
  DOMAIN,
  NESTED_API_KEY,
  openTestService,
  type TestService,
} from "../openTestService.js";

const LARGE = {
  texts: Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`k${i}`, "x".repeat(4_000)])),
};

describe("http: changes of a domain", () => {
  let http: TestService;
  beforeEach(async () => {
    http = await openTestService();
  });
  afterEach(() => http.stop());

  const put = async (label: string, records: object = {}) => {
    const { status } = await http.v1("PUT", `/names/${label}.${DOMAIN}/records`, records);
    expect(status).to.equal(200);
  };
  const page = async (query = "", apiKey = API_KEY): Promise<ChangesPage> => {
    const { status, body } = await http.v1("GET", `/changes${query}`, undefined, apiKey);
    expect(status).to.equal(200);
    return body as unknown as ChangesPage;
  };
  const labels = ({ changes }: Pick<ChangesPage, "changes">) =>
    changes.map(({ name }) => name && name.name.split(".")[0]);

  it("are names as they are served, with the end of their history", async () => {
    await put("alice", { texts: { url: "https://a.example" } });
    const { changes, next, isEnd } = await page();
    const { body } = await http.v1("GET", `/names/alice.${DOMAIN}`);
    const { body: history } = await http.v1("GET", `/names/alice.${DOMAIN}/history`);
    const { hash } = (history["entries"] as { hash: string }[]).at(-1)!;
    const [first, ...others] = changes;
    const { cursor } = first!;
    expect(changes).to.deep.equal([
      { cursor, node: body["node"], name: body, entry: { number: 1, hash } },
    ]);
    expect(others).to.deep.equal([]);
    expect(await page(`?after=${cursor}`)).to.deep.equal({ changes: [], next, isEnd: true });
    expect(isEnd).to.equal(true);
    expect(await page(`?after=${next}`)).to.deep.equal({ changes: [], next, isEnd: true });
  });

  it("come page by page, each bounded by number and bytes, and go on from every cursor", async () => {
    for (let index = 0; index < 8; index++) await put(`large-${index}`, LARGE);
    for (let index = 0; index < 5; index++) await put(`small-${index}`);
    const found: ChangeItem[] = [];
    const sizes: number[] = [];
    for (let after = ""; ;) {
      const { changes, next, isEnd } = await page(`?limit=7${after}`);
      found.push(...changes);
      sizes.push(changes.length);
      if (isEnd) break;
      after = `&after=${next}`;
    }
    expect(sizes[0]).to.equal(5);
    expect(new Set(labels({ changes: found })).size).to.equal(13);
    for (const [index, { cursor }] of found.entries()) {
      const behind = await page(`?limit=1&after=${cursor}`);
      expect(behind.changes).to.deep.equal(found.slice(index + 1, index + 2));
    }
  });

  it("tell nothing of a name that was deleted but its node", async () => {
    await put("bob");
    const { next, changes } = await page();
    expect((await http.v1("DELETE", `/names/bob.${DOMAIN}`)).status).to.equal(204);
    const gone = await page(`?after=${next}`);
    expect(gone.changes).to.deep.equal([
      { cursor: gone.next, node: changes[0]?.node, name: null, entry: null },
    ]);
  });

  it("are those of the key's domain alone", async () => {
    await put("carol");
    const name = `dave.team.${DOMAIN}`;
    await http.v1("PUT", `/names/${name}/records`, {}, NESTED_API_KEY);
    expect(labels(await page())).to.deep.equal(["carol"]);
    expect(labels(await page("", NESTED_API_KEY))).to.deep.equal(["dave"]);
  });

  it("refuse a cursor of another domain, and what is none", async () => {
    const { next } = await page("", NESTED_API_KEY);
    expect(await http.v1("GET", `/changes?after=${next}`)).to.deep.include({ status: 410 });
    const { status, body } = await http.v1("GET", "/changes?after=yesterday");
    expect([status, body["code"]]).to.deep.equal([400, "INVALID_REQUEST"]);
  });

  it("are waited for, and without one the answer comes in time", async () => {
    const { next } = await page();
    const waiting = page(`?after=${next}&waitSec=8`);
    await put("erin");
    expect(labels(await waiting)).to.deep.equal(["erin"]);
    const then = await page();
    expect(await page(`?after=${then.next}&waitSec=1`)).to.deep.equal({ ...then, changes: [] });
  });

  it("are followed by the client as long as it wants, from where it was", async () => {
    await put("frank");
    const client = createClient({ url: http.url, apiKey: API_KEY });
    const [frank] = await everyItem(client.changes.list());
    expect(frank?.name?.name).to.equal(`frank.${DOMAIN}`);
    const following = client.changes.follow({ after: frank!.cursor });
    const next = following.next();
    await put("grace");
    expect((await next).value).to.have.nested.property("name.name", `grace.${DOMAIN}`);
    const stop = new AbortController();
    const never = client.changes.follow({ after: frank!.cursor, pageSize: 1, signal: stop.signal });
    await never.next();
    const waiting = never.next().catch((error: unknown) => error);
    stop.abort(new Error("enough"));
    expect(await waiting).to.have.property("message", "enough");
  });
});
