/** What a domain is told of its data source, over real HTTP. */
import { expect } from "chai";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { sourceStore } from "../../../src/db/sourceStore.js";
import { httpSettings } from "../../../src/registry/sources/httpSettings.js";
import { postgresSettings } from "../../../src/registry/sources/postgresSettings.js";
import type { SourceStore } from "../../../src/registry/sources/sourceStore.js";
import { createClient } from "../../../src/sdk/index.js";
import { everyItem } from "../../service-client/everyItem.js";
import {
  API_KEY,
  DOMAIN,
  NESTED_API_KEY,
  openTestService,
  type TestService,
} from "../openTestService.js";

const POSTGRES = postgresSettings.parse({
  ...{ kind: "postgres", host: "db.example.com", database: "people", user: "the-role" },
  ...{ network: "10.1.0.0/16", certificates: "the-certificate", schema: "public", table: "users" },
  columns: { label: "name" },
});
const ENDPOINT = httpSettings.parse({
  ...{ kind: "http", endpoint: "https://users.example.com:8443/the-path" },
  publicKey: { kty: "OKP", crv: "Ed25519", x: "x".repeat(43), kid: "k".repeat(43) },
});

describe("http: the domain's data source", () => {
  let http: TestService;
  let pool: Pool;
  let store: SourceStore;

  beforeEach(async () => {
    http = await openTestService();
    pool = openPool({ url: http.databaseUrl });
    store = sourceStore(pool);
  });
  afterEach(async () => {
    await pool.end();
    await http.stop();
  });

  const get = async (path: string, apiKey = API_KEY) => {
    const { status, body } = await http.v1("GET", path, undefined, apiKey);
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  };
  const addPostgres = () => store.add({ domain: DOMAIN, settings: POSTGRES, freshMs: 1500 });

  it("is null where there is none, and has no problems then", async () => {
    expect(await get("/source")).to.deep.equal({ source: null });
    expect(await get("/source/problems")).to.deep.equal({ problems: [], next: null });
  });

  it("is told with its table, when it was scanned and how many problems there are, without its secrets", async () => {
    const { id } = await addPostgres();
    await store.problems.note(id, `a.${DOMAIN}`, { kind: "twins", detail: "Two rows." });
    await store.problems.note(id, `b.${DOMAIN}`, { kind: "twins", detail: "Two rows." });
    const shown = {
      ...{ kind: "postgres", host: "db.example.com", table: "public.users", freshSec: 1.5 },
      problems: { twins: 2 },
    };
    expect(await get("/source")).to.deep.equal({ source: { ...shown, scannedAtMs: null } });
    await pool.query("update source set scanned_at = to_timestamp(1800000000)");
    const { source } = await get("/source");
    expect(source).to.deep.equal({ ...shown, scannedAtMs: 1_800_000_000_000 });
    expect(JSON.stringify(source)).not.to.match(/the-role|the-certificate|10\.1\.0\.0|people/);
    expect(await get("/source", NESTED_API_KEY)).to.deep.equal({ source: null });
    expect(await get("/source/problems", NESTED_API_KEY)).to.deep.include({ problems: [] });
  });

  it("is told of an endpoint without its path and key", async () => {
    await store.add({ domain: DOMAIN, settings: ENDPOINT, freshMs: 1000 });
    expect(await get("/source")).to.deep.equal({
      source: {
        ...{ kind: "http", host: "https://users.example.com:8443", table: null },
        ...{ freshSec: 1, scannedAtMs: null, problems: {} },
      },
    });
  });

  it("has its problems listed in pages of any length that miss none, also of one name", async () => {
    const { id } = await addPostgres();
    const noted = ["b", "B", "a b", "ä", "a.b"].flatMap((name) =>
      (["twins", "profile", "wallet"] as const).map((kind) => ({ name, kind })),
    );
    for (const { name, kind } of noted) {
      await store.problems.note(id, name, { kind, detail: `${kind} of ${name}` });
    }
    const inOrder = [...noted].sort((one, other) =>
      Buffer.compare(
        Buffer.from(`${one.name}\0${one.kind}`),
        Buffer.from(`${other.name}\0${other.kind}`),
      ),
    );
    for (const limit of [1, 2, 4, 15, 100]) {
      const found: unknown[] = [];
      for (let after: string | null = ""; after !== null;) {
        const query = after === "" ? "" : `&after=${encodeURIComponent(after)}`;
        const body = await get(`/source/problems?limit=${limit}${query}`);
        const problems = body["problems"] as Record<string, unknown>[];
        expect(problems).to.have.length.at.most(limit);
        found.push(...problems.map(({ name, kind }) => ({ name, kind })));
        after = body["next"] as string | null;
      }
      expect(found, `pages of ${limit}`).to.deep.equal(inOrder);
    }
    const [first] = (await get("/source/problems?limit=1"))["problems"] as [object];
    expect(first).to.deep.include({ name: "B", kind: "profile", detail: "profile of B" });
    expect(first).to.have.property("firstSeenMs").that.is.closeTo(Date.now(), 60_000);
    expect(first).to.have.property("lastSeenMs").that.is.closeTo(Date.now(), 60_000);
    const client = createClient({ url: http.url, apiKey: API_KEY });
    const all = await everyItem(client.source.problems({ pageSize: 4 }));
    expect(all.map(({ name, kind }) => ({ name, kind }))).to.deep.equal(inOrder);
  });

  it("refuses places and pages that are none", async () => {
    await addPostgres();
    for (const query of ["after=", "after=x", "after=%00", `after=${"x".repeat(601)}`, "limit=0"]) {
      const { status, body } = await http.v1("GET", `/source/problems?${query}`);
      expect([status, body["code"]], query).to.deep.equal([400, "INVALID_REQUEST"]);
    }
  });
});
