/** Names as a whole, their versions, keys and limits, suspension and reservations. */
import { expect } from "chai";
import { getBytes, Wallet } from "ethers";
import { relayNodeProfile, signUp } from "../../../src/demo/people.js";
import { DM3_PROFILE_KEY } from "../../../src/dm3/profile/profileRecord.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { handOverAsAdmin } from "../../../src/registry/changes/handOverName.js";
import { apiKeyFrom, newApiKey, type Scope } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { decodeResult, textRequest, verifyAnswer } from "../../gateway/ensRequest.js";
import { everyKey } from "../../registry/access/everyKey.js";
import { signRequest } from "../../registry/signed/signedRequests.js";
import {
  type Answer,
  answerOf,
  API_KEY,
  CCIP_PATH,
  DOMAIN,
  NESTED_API_KEY,
  NESTED_DOMAIN,
  openTestService,
  RESOLVER,
  SIGNER,
  type TestService,
} from "../openTestService.js";

describe("http: names as a whole", () => {
  let http: TestService;
  let count = 0;

  before(async () => {
    http = await openTestService();
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const freshName = () => `whole-${count++}.${DOMAIN}`;

  function expectRefusal({ status, body }: Answer, expected: number, code: string): void {
    expect({ status, code: body["code"] }, String(body["message"])).to.deep.equal({
      status: expected,
      code,
    });
  }

  const withHeaders = (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ) =>
    answerOf(
      fetch(`${http.url}/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${API_KEY}`,
          "content-type": "application/json",
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );

  it("says of each name under an alias which one to use: written, read, reserved, in a batch, to a wallet", async () => {
    const { domains } = http.service;
    await domains.addAlias({ alias: "users.alias.eth", domain: DOMAIN });
    const name = freshName();
    const aliased = name.replace(DOMAIN, "users.alias.eth");
    try {
      for (const [method, path, body] of [
        ["PUT", `/names/${aliased}`, { records: { texts: {} } }],
        ["GET", `/names/${aliased}`],
        ["DELETE", `/names/${aliased}`],
        ["PUT", `/reservations/${aliased}`, {}],
      ] as const) {
        const answer = await http.v1(method, path, body);
        expectRefusal(answer, 403, "FORBIDDEN");
        expect(answer.body["details"]).to.include({ name: aliased, aliasOf: name });
        expect(answer.body["message"]).to.include(`Use ${name}.`);
      }
      const items = [{ name: aliased, records: { texts: {} } }];
      const batch = await http.v1("POST", "/batches", { atomic: false, items });
      expect(JSON.stringify(batch.body)).to.include(`Use ${name}.`);
      const next = await http.v1("GET", `/requests/${aliased}`, undefined, null);
      expectRefusal(next, 404, "UNKNOWN_DOMAIN");
      expect(next.body["details"]).to.deep.equal({ name: aliased, aliasOf: name });
      const { body: described } = await http.v1("GET", "/domain");
      expect(described["aliasDomains"]).to.deep.equal(["users.alias.eth"]);
      const listed = await http.v1("GET", "/names?prefix=whole");
      expect(JSON.stringify(listed.body)).to.not.include("alias.eth");
    } finally {
      await domains.removeAlias("users.alias.eth");
    }
  });

  it("writes all parts of a name at once, and takes the whole away", async () => {
    const name = freshName();
    const parts = {
      ...(await signUp(["a.eth"])),
      records: { texts: { avatar: "a" } },
      relayNode: relayNodeProfile("https://relay.example"),
    };
    const put = () => http.v1("PUT", `/names/${name}`, parts);
    expect(await put()).to.nested.include({
      status: 201,
      "body.name": name,
      "body.outcome": "created",
    });
    expect(await put()).to.nested.include({
      status: 200,
      "body.name": name,
      "body.outcome": "unchanged",
    });
    const { body } = await http.v1("GET", `/names/${name}`);
    expect(body["owner"]).to.equal(parts.address);
    expect(body["texts"]).to.have.all.keys(
      "avatar",
      DM3_PROFILE_KEY,
      "network.dm3.deliveryService",
    );
    expect(await http.v1("DELETE", `/names/${name}`)).to.include({ status: 204 });
    expectRefusal(await http.v1("DELETE", `/names/${name}`), 404, "NOT_FOUND");
    expectRefusal(await http.v1("GET", `/names/${name}`), 404, "NOT_FOUND");
    // the profile does not come back with the name
    expectRefusal(await put(), 409, "SUPERSEDED_PROFILE");
    const other = await signUp(["a.eth"]);
    expect(await http.v1("PUT", `/names/${name}`, other)).to.include({ status: 201 });
    expectRefusal(
      await http.v1("PUT", `/names/${name}`, { address: other.address }),
      400,
      "INVALID_REQUEST",
    );
  });

  it("tells the version of a name in its answers, and knows ETags that a proxy has changed", async () => {
    const name = freshName();
    const path = `/names/${name}`;
    const { body, headers } = await http.v1("PUT", path, {});
    const version = String(body["version"]);
    expect(headers.get("etag")).to.equal(`"${version}"`);
    const forms = [`W/"${version}"`, `"${version}-gzip"`, `"${version};gzip"`, `"1", "${version}"`];
    for (const etag of forms) {
      const read = await withHeaders("GET", path, { "if-none-match": etag });
      expect(read.status, etag).to.equal(304);
    }
    const stale = await withHeaders("GET", path, { "if-none-match": `"${version}0"` });
    expect(stale).to.include({ status: 200 });
    let current = version;
    for (const formOf of [
      (of: string) => `W/"${of}"`,
      (of: string) => `"${of}-gzip"`,
      (of: string) => `"${of};gzip"`,
    ]) {
      const avatar = formOf("a");
      const records = { records: { texts: { avatar } } };
      const written = await withHeaders("PUT", path, { "if-match": formOf(current) }, records);
      expect(written.status, formOf(current)).to.equal(200);
      const late = await withHeaders("PUT", path, { "if-match": formOf(current) }, {});
      expectRefusal(late, 412, "VERSION_CONFLICT");
      current = String(written.body["version"]);
    }
    const gone = await http.v1("DELETE", path);
    expect(gone.status).to.equal(204);
  });

  it("holds writers to what they had read: ETag, If-Match, If-None-Match", async () => {
    const name = freshName();
    const path = `/names/${name}`;
    const ifMatch = (etag: string) => ({ "if-match": etag });
    expectRefusal(await withHeaders("PUT", path, ifMatch("*"), {}), 412, "VERSION_CONFLICT");
    const created = await withHeaders("PUT", path, { "if-none-match": "*" }, {});
    expect(created).to.include({ status: 201 });
    expectRefusal(
      await withHeaders("PUT", path, { "if-none-match": "*" }, {}),
      412,
      "VERSION_CONFLICT",
    );
    const first = created.headers.get("etag")!;
    const read = await http.v1("GET", path);
    expect(read.headers.get("etag")).to.equal(first);
    expect(first).to.equal(`"${String(read.body["version"])}"`);
    const records = (avatar: string) => ({ texts: { avatar } });
    const changed = await withHeaders("PUT", `${path}/records`, ifMatch(first), records("a"));
    expect(changed).to.include({ status: 200 });
    const conflict = await withHeaders("PUT", `${path}/records`, ifMatch(first), records("b"));
    expectRefusal(conflict, 412, "VERSION_CONFLICT");
    const second = changed.headers.get("etag")!;
    expect(conflict.body["details"]).to.deep.equal({ name, version: second.slice(1, -1) });
    expect(await withHeaders("GET", path, { "if-none-match": second })).to.include({ status: 304 });
    expect(await withHeaders("GET", path, { "if-none-match": first })).to.include({ status: 200 });
    for (const unclear of ["7", 'w/"7"', '"7", "8"', '"x"', '"-1"', ""]) {
      expectRefusal(await withHeaders("DELETE", path, ifMatch(unclear)), 400, "INVALID_REQUEST");
    }
    expectRefusal(
      await withHeaders("PUT", path, { "if-none-match": second }, {}),
      400,
      "INVALID_REQUEST",
    );
    expect(await withHeaders("DELETE", path, ifMatch(second))).to.include({ status: 204 });
    expectRefusal(await withHeaders("DELETE", path, ifMatch(second)), 412, "VERSION_CONFLICT");
    // what is made again has another version than ever before
    const again = await http.v1("PUT", path, {});
    expect([first, second]).not.to.include(again.headers.get("etag"));
  });

  it("of 50 writers at once who had read the same, lets one write", async () => {
    const name = freshName();
    const etag = (await http.v1("PUT", `/names/${name}`, {})).headers.get("etag")!;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        withHeaders(
          "PUT",
          `/names/${name}/records`,
          { "if-match": etag },
          { texts: { index: String(index) } },
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 412)).to.have.length(49);
  });

  it("lists no name any more that a domain holds which was added below", async () => {
    const below = `below.${DOMAIN}`;
    for (const name of [below, `deep.${below}`, `not${below}`]) {
      expect((await http.v1("PUT", `/names/${name}`, {})).status, name).to.equal(201);
    }
    const key = apiKeyFrom(bytes(32, 9));
    const served = { chainId: 1n, resolver: bytes(20, 0x5f), domain: below };
    const handOver = handOverAsAdmin(Date.now);
    await addDomain(http.service.domains, served, key, handOver);
    const listed = (answer: Answer) =>
      (answer.body["names"] as { name: string }[]).map(({ name }) => name);
    for (const prefix of ["below", "deep.below"]) {
      expect(listed(await http.v1("GET", `/names?prefix=${prefix}`))).to.deep.equal([]);
    }
    expect(listed(await http.v1("GET", "/names?prefix=notbelow"))).to.deep.equal([`not${below}`]);
    expect((await http.v1("GET", `/names/deep.${below}`)).body["code"]).to.equal("FORBIDDEN");
    expect(listed(await http.v1("GET", "/names", undefined, key))).to.include(`deep.${below}`);
    expect((await http.v1("DELETE", `/names/deep.${below}`, undefined, key)).status).to.equal(204);
  });

  it("lists names by prefix, in pages, and only the domain's own", async () => {
    for (const label of ["list-a", "list-b", "list-c"])
      await http.v1("PUT", `/names/${label}.${DOMAIN}`, {});
    await http.v1("PUT", `/names/list-x.${NESTED_DOMAIN}`, {}, NESTED_API_KEY);
    const list = async (query: string) => {
      const { status, body } = await http.v1("GET", `/names?${query}`);
      expect(status).to.equal(200);
      return [(body["names"] as { name: string }[]).map(({ name }) => name), body["next"]];
    };
    const all = ["a", "b", "c"].map((label) => `list-${label}.${DOMAIN}`);
    expect(await list("prefix=list-")).to.deep.equal([all, null]);
    expect(await list("prefix=list-&limit=2")).to.deep.equal([all.slice(0, 2), all[1]]);
    expect(await list(`prefix=list-&limit=2&after=${all[1]!}`)).to.deep.equal([[all[2]], null]);
    for (const query of [
      "limit=0",
      "limit=101",
      "limit=x",
      "order=desc",
      `prefix=${"x".repeat(1023)}`,
    ]) {
      expectRefusal(await http.v1("GET", `/names?${query}`), 400, "INVALID_REQUEST");
    }
  });

  it("lists the names of a wallet, and those with a text, only the domain's own", async () => {
    const person = await signUp(["a.eth"]);
    const names = ["wallet-one", "wallet-two"].map((label) => `${label}.${DOMAIN}`);
    for (const name of names) {
      const { status } = await http.v1("PUT", `/names/${name}/profile`, person);
      expect(status).to.equal(201);
    }
    const nested = `wallet-three.${NESTED_DOMAIN}`;
    await http.v1("PUT", `/names/${nested}/profile`, person, NESTED_API_KEY);
    const list = async (query: string, key = API_KEY) => {
      const { status, body } = await http.v1("GET", `/names?${query}`, undefined, key);
      expect(status).to.equal(200);
      return (body["names"] as { name: string }[]).map(({ name }) => name);
    };
    const { address } = person;
    expect(await list(`address=${address}`)).to.deep.equal(names);
    expect(await list(`address=${address.toLowerCase()}&limit=1`)).to.deep.equal(names.slice(0, 1));
    expect(await list(`address=${address}`, NESTED_API_KEY)).to.deep.equal([nested]);
    expect(await list("contains=LLET-T")).to.deep.equal([names[1]]);
    expect(await list(`contains=one&address=${address}`)).to.deep.equal([names[0]]);
    for (const query of ["address=0x", "address=alice", `address=${address.slice(0, -1)}`]) {
      expectRefusal(await http.v1("GET", `/names?${query}`), 400, "INVALID_REQUEST");
    }
  });

  it("tells the history of a name, also when it is gone, in pages", async () => {
    const name = freshName();
    await http.v1("PUT", `/names/${name}`, {});
    await http.v1("PUT", `/names/${name}/records`, { texts: { avatar: "a" } });
    await http.v1("DELETE", `/names/${name}`);
    const page = async (query: string) => {
      const { body } = await http.v1("GET", `/names/${name}/history?${query}`);
      const entries = body["entries"] as { entry: { operation: string; authority: object } }[];
      return {
        operations: entries.map(({ entry }) => entry.operation),
        entries,
        next: body["next"],
      };
    };
    const whole = await page("");
    expect(whole).to.deep.include({ operations: ["create", "setRecords", "delete"], next: null });
    const [key] = await everyKey(http.service.domains, DOMAIN);
    expect(whole.entries[0]!.entry.authority).to.deep.equal({ kind: "service", keyId: key!.id });
    expect(await page("limit=2")).to.deep.include({
      operations: ["create", "setRecords"],
      next: 2,
    });
    expect(await page("after=2")).to.deep.include({ operations: ["delete"], next: null });
    expectRefusal(
      await http.v1("GET", `/names/${name}/history`, undefined, NESTED_API_KEY),
      403,
      "FORBIDDEN",
    );
  });

  it("lets a key do what its scopes say, and nothing else; a revoked one nothing", async () => {
    const name = freshName();
    await http.v1("PUT", `/names/${name}`, await signUp(["a.eth"]));
    const routes: [scope: Scope, method: string, path: string, body?: unknown][] = [
      ["names:read", "GET", "/names"],
      ["names:read", "GET", `/names/${name}`],
      ["names:read", "GET", `/names/${name}/history`],
      ["names:read", "GET", "/domain"],
      ["names:write", "PUT", `/names/${name}`, {}],
      ["names:write", "PUT", `/names/${name}/records`, {}],
      ["names:write", "PUT", `/relay-nodes/${name}`, relayNodeProfile("https://r.example")],
      ["names:write", "DELETE", `/relay-nodes/${name}`],
      ["names:write", "POST", "/batches", { atomic: true, items: [{ name }] }],
      ["domain:admin", "PUT", `/names/${name}/suspension`, { reason: "spam" }],
      ["domain:admin", "DELETE", `/names/${name}/suspension`],
      ["domain:admin", "PUT", `/reservations/${name}`, {}],
      ["domain:admin", "GET", "/reservations"],
      ["domain:admin", "DELETE", `/reservations/${name}`],
      ["profiles:write", "DELETE", `/names/${name}/profile`],
      ["names:write", "DELETE", `/names/${name}`],
    ];
    const keys = new Map<Scope, string>();
    for (const [index, scope] of (
      ["names:read", "names:write", "profiles:write", "domain:admin"] as const
    ).entries()) {
      const apiKey = apiKeyFrom(bytes(32, 0x40 + index));
      await http.service.domains.addApiKey(
        DOMAIN,
        newApiKey(apiKey, { label: scope, scopes: [scope] }),
      );
      keys.set(scope, apiKey);
    }
    for (const [scope, method, path, body] of routes) {
      for (const [other, apiKey] of keys) {
        if (other === scope) continue;
        const answer = await http.v1(method, path, body, apiKey);
        expectRefusal(answer, 403, "FORBIDDEN");
        expect(answer.body["details"], `${method} ${path}`).to.include({ scope });
      }
      const allowed = await http.v1(method, path, body, keys.get(scope));
      expect(allowed.status, `${method} ${path}: ${JSON.stringify(allowed.body)}`).to.be.within(
        200,
        204,
      );
    }
    const withProfile = await http.v1(
      "PUT",
      `/names/${freshName()}`,
      await signUp(["a.eth"]),
      keys.get("names:write"),
    );
    expectRefusal(withProfile, 403, "FORBIDDEN");

    const reader = (await everyKey(http.service.domains, DOMAIN)).find(
      ({ label }) => label === "names:read",
    )!;
    expect(reader.lastUsedMs).to.be.closeTo(Date.now(), 60_000);
    await http.service.domains.revokeApiKey(DOMAIN, reader.id);
    expectRefusal(
      await http.v1("GET", "/names", undefined, keys.get("names:read")),
      401,
      "UNAUTHORIZED",
    );
  });

  it("keeps reserved names from wallets, and tells which they are", async () => {
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    const wallet = Wallet.createRandom();
    const name = freshName();
    const claim = async () => {
      const wish = { action: "claim", domain: DOMAIN, name, sequence: 1 } as const;
      return http.v1("POST", "/requests", await signRequest(wallet, wish), null);
    };
    const reserve = (body: unknown) => http.v1("PUT", `/reservations/${name}`, body);
    const none = { name, wallet: null, untilMs: null };
    expect(await reserve({})).to.deep.include({ status: 200, body: none });
    expect((await http.v1("GET", "/reservations")).body).to.deep.include({ next: null });
    expectRefusal(await claim(), 409, "NAME_RESERVED");
    await reserve({ wallet: Wallet.createRandom().address });
    expectRefusal(await claim(), 409, "NAME_RESERVED");
    await reserve({ wallet: wallet.address });
    expect(await claim()).to.include({ status: 201 });
    expect(await http.v1("DELETE", `/reservations/${name}`)).to.include({ status: 204 });
    expectRefusal(await http.v1("DELETE", `/reservations/${name}`), 404, "NOT_FOUND");
    expectRefusal(await http.v1("PUT", `/reservations/a.${NESTED_DOMAIN}`, {}), 403, "FORBIDDEN");
    for (const body of [{ wallet: "0x00" }, { untilMs: -1 }, { until: 1 }]) {
      expectRefusal(await reserve(body), 400, "INVALID_REQUEST");
    }
    const inSeconds = await reserve({ untilMs: Math.floor(Date.now() / 1000) + 3600 });
    expectRefusal(inSeconds, 400, "INVALID_REQUEST");
    expect(inSeconds.body["message"]).to.match(/over already \(1970-.* in milliseconds/);
    expect((await http.v1("GET", "/domain")).body).to.deep.include({
      domain: DOMAIN,
      owner: null,
      resolvers: [{ chainId: "1", resolver: RESOLVER }],
    });
  });

  it("refuses a suspension without a reason, or of nothing", async () => {
    const name = freshName();
    const suspend = (body: unknown) => http.v1("PUT", `/names/${name}/suspension`, body);
    expectRefusal(await suspend({ reason: "spam" }), 404, "NOT_FOUND");
    await http.v1("PUT", `/names/${name}`, {});
    for (const body of [
      {},
      { reason: "" },
      { reason: "x".repeat(501) },
      { reason: "\0" },
      { reason: "\ud800" },
    ]) {
      expectRefusal(await suspend(body), 400, "INVALID_REQUEST");
    }
    expect(await suspend({ reason: "spam" })).to.include({ status: 200 });
  });

  it("answers nothing for a suspended name, signed, and everything again afterwards", async () => {
    const name = freshName();
    await http.v1("PUT", `/names/${name}`, { records: { texts: { avatar: "https://a.example" } } });
    const request = textRequest(name, "avatar");
    const avatar = async () => {
      const response = await fetch(`${http.url}${CCIP_PATH}/${request}.json`);
      const { data } = (await response.json()) as { data: string };
      const { result, signer } = verifyAnswer(getBytes(data), { target: RESOLVER, request });
      expect(signer).to.equal(SIGNER);
      return decodeResult("text", result);
    };
    // asked twice, it is kept in memory
    for (let asked = 0; asked < 3; asked++) expect(await avatar()).to.equal("https://a.example");
    await http.v1("PUT", `/names/${name}/suspension`, { reason: "spam" });
    expect(await avatar()).to.equal("");
    await http.v1("DELETE", `/names/${name}/suspension`);
    expect(await avatar()).to.equal("https://a.example");
  });

  it("gives each answer an id of its own", async () => {
    const ids = await Promise.all(
      Array.from({ length: 3 }, async () =>
        (await http.v1("GET", "/names")).headers.get("x-request-id"),
      ),
    );
    expect(new Set(ids).size).to.equal(3);
    for (const id of ids) expect(id).to.match(/^[0-9a-f-]{36}$/);
  });
});
