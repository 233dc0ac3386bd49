/** The API keys of a domain, over real HTTP. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { parseAddress } from "../../../src/ens/address.js";
import {
  type ApiKey,
  apiKeyFrom,
  hashApiKey,
  newApiKey,
  SCOPES,
} from "../../../src/registry/domains/apiKey.js";
import { createClient, createWalletClient } from "../../../src/sdk/index.js";
import { bytes } from "../../db/sampleNames.js";
import { everyKey } from "../../registry/access/everyKey.js";
import { everyItem } from "../../service-client/everyItem.js";
import {
  API_KEY,
  DOMAIN,
  NESTED_API_KEY,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../openTestService.js";

type Shown = Record<string, unknown> & { readonly id: string };

describe("http: API keys", () => {
  let http: TestService;

  beforeEach(async () => {
    http = await openTestService();
  });
  afterEach(() => http.stop());

  const listed = async (query = "", apiKey = API_KEY) => {
    const { status, body } = await http.v1("GET", `/keys${query}`, undefined, apiKey);
    expect(status, JSON.stringify(body)).to.equal(200);
    return body as { keys: readonly Shown[]; next: string | null };
  };
  const add = async (fill: number, options: Parameters<typeof newApiKey>[1] = {}) => {
    const apiKey = apiKeyFrom(bytes(32, fill));
    const id = await http.service.domains.addApiKey(DOMAIN, newApiKey(apiKey, options));
    return { id, apiKey };
  };
  const entryOf = async (id: string): Promise<ApiKey> =>
    (await everyKey(http.service.domains, DOMAIN)).find((one) => one.id === id)!;

  it("are listed as they are, the newest first, and never by what opens", async () => {
    const limits = { changesPerMinute: 7, changesPerDay: 70 };
    const { id, apiKey } = await add(0x61, { label: "import", scopes: ["names:write"], limits });
    const revoked = await add(0x62, { label: "old" });
    await http.service.domains.revokeApiKey(DOMAIN, revoked.id);
    const { keys, next } = await listed();
    expect(next).to.equal(null);
    expect(keys.map(({ label }) => label)).to.deep.equal(["old", "import", "first key"]);
    const [old, imported, first] = keys;
    expect(imported).to.deep.equal({
      ...{ id, label: "import", scopes: ["names:write"], limits, isThis: false },
      createdAtMs: (await entryOf(id)).createdMs,
      ...{ lastUsedAtMs: null, revokedAtMs: null, expiresAtMs: null },
    });
    expect(old).to.include({ revokedAtMs: (await entryOf(revoked.id)).revokedMs });
    expect(first).to.deep.include({ isThis: true, scopes: [...SCOPES] });
    expect(first?.["lastUsedAtMs"]).to.be.closeTo(Date.now(), 60_000);
    const told = JSON.stringify(keys);
    for (const secret of [API_KEY, apiKey, revoked.apiKey]) {
      expect(told).not.to.include(secret);
      for (const coding of ["hex", "base64"] as const) {
        expect(told).not.to.include(Buffer.from(hashApiKey(secret)).toString(coding));
      }
    }
  });

  it("are listed in pages that miss none, and each domain sees its own", async () => {
    for (let fill = 0x40; fill < 0x45; fill++) await add(fill, { label: `key ${fill}` });
    const all = (await listed()).keys.map(({ id }) => id);
    expect(all).to.have.length(6);
    const paged: string[] = [];
    for (let query = "?limit=2"; ;) {
      const { keys, next } = await listed(query);
      expect(keys).to.have.length.at.most(2);
      paged.push(...keys.map(({ id }) => id));
      if (next === null) break;
      query = `?limit=2&after=${next}`;
    }
    expect(paged).to.deep.equal(all);
    expect((await listed("", NESTED_API_KEY)).keys.map(({ id }) => id)).to.deep.equal(["2"]);
    for (const query of ["?limit=0", "?limit=101", "?after=x", "?after=0", "?after=-1", "?x=1"]) {
      expect((await http.v1("GET", `/keys${query}`)).status, query).to.equal(400);
    }
    expect((await listed(`?after=${"9".repeat(18)}`)).keys).to.have.length(6);
  });

  it("show sessions with their end", async () => {
    const owner = Wallet.createRandom();
    await http.service.domains.changeDomain(DOMAIN, {
      ...{ owner: parseAddress(owner.address), ownerSignsIn: true },
    });
    const mine = createWalletClient({ url: http.url, wallet: owner });
    const { apiKey, expiresAtMs } = await mine.openSession(DOMAIN, ["domain:admin"]);
    const { keys } = await listed("", apiKey);
    const label = `session of ${owner.address}`;
    expect(keys[0]).to.deep.include({ label, expiresAtMs, isThis: true, scopes: ["domain:admin"] });
    expect(keys[1]).to.include({ expiresAtMs: null, isThis: false });
  });

  it("end at once, those of the own domain only: 204, then 404", async () => {
    const { id, apiKey } = await add(0x61);
    const revoke = (which: string, by = API_KEY) =>
      http.v1("DELETE", `/keys/${which}`, undefined, by);
    const foreign = await revoke(id, NESTED_API_KEY);
    expect([foreign.status, foreign.body["code"]]).to.deep.equal([404, "NOT_FOUND"]);
    expect(foreign.body["message"]).to.include(NESTED_DOMAIN);
    expect((await http.v1("GET", "/names", undefined, apiKey)).status).to.equal(200);
    expect(await revoke(id)).to.deep.include({ status: 204, body: {} });
    expect((await http.v1("GET", "/names", undefined, apiKey)).status).to.equal(401);
    expect((await revoke(id)).status).to.equal(404);
    expect((await revoke("999999999999999999")).status).to.equal(404);
    for (const wrong of ["0", "x", "1.5", "01", "9".repeat(19), "%27"]) {
      const { status, body } = await revoke(wrong);
      expect([status, body["code"]], wrong).to.deep.equal([400, "INVALID_REQUEST"]);
    }
  });

  it("are for keys with domain:admin alone", async () => {
    const { id, apiKey } = await add(0x61, {
      scopes: SCOPES.filter((scope) => scope !== "domain:admin"),
    });
    for (const [method, path] of [
      ["GET", "/keys"],
      ["DELETE", `/keys/${id}`],
    ] as const) {
      const { status, body } = await http.v1(method, path, undefined, apiKey);
      expect([status, body["code"]]).to.deep.equal([403, "FORBIDDEN"]);
    }
  });

  it("can end themselves", async () => {
    const { id, apiKey } = await add(0x61);
    const { status } = await http.v1("DELETE", `/keys/${id}`, undefined, apiKey);
    expect(status).to.equal(204);
    expect((await http.v1("GET", "/keys", undefined, apiKey)).status).to.equal(401);
  });

  it("are listed and ended by the SDK's client, which tells what is not there from a wrong URL", async () => {
    const { id } = await add(0x61, { label: "program" });
    const client = createClient({ url: http.url, apiKey: API_KEY });
    const labels = (await everyItem(client.keys.list({ pageSize: 1 }))).map(({ label }) => label);
    expect(labels).to.deep.equal(["program", "first key"]);
    expect(await client.keys.revoke(id)).to.deep.equal({ id, outcome: "revoked" });
    expect(await client.keys.revoke(id)).to.equal(null);
    const nowhere = createClient({ url: `${http.url}/elsewhere/`, apiKey: API_KEY });
    const code = await nowhere.keys.revoke(id).catch((error: unknown) => error);
    expect(code).to.include({ code: "NOT_FOUND" });
  });
});
