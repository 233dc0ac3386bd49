/** Signing in by a wallet, over real HTTP; and every way to have a session that one must not have. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { toHex } from "../../../src/abi/hex.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { parseAddress } from "../../../src/ens/address.js";
import { hashApiKey, newApiKey, type Scope } from "../../../src/registry/domains/apiKey.js";
import { sessionsBucket } from "../../../src/registry/domains/session.js";
import { createWalletClient, type DomainAnswer, whyNoSignIn } from "../../../src/sdk/index.js";
import type { SignedRequestBody } from "../../../src/wire/signedRequest.js";
import { bytes } from "../../db/sampleNames.js";
import { everyKey } from "../../registry/access/everyKey.js";
import { sessionWish } from "../../registry/signed/sessionWish.js";
import { nowSec, SERVICE_RESOLVER, signRequest } from "../../registry/signed/signedRequests.js";
import {
  type Answer,
  API_KEY,
  DOMAIN,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../openTestService.js";

const HOUR_MS = 3_600_000;

describe("http: sessions", () => {
  let http: TestService;
  let pool: Pool;
  let owner: HDNodeWallet;

  beforeEach(async () => {
    http = await openTestService();
    pool = openPool({ url: http.databaseUrl });
    owner = Wallet.createRandom();
    await ownedBy(owner);
    await switched(true);
  });
  afterEach(async () => {
    expect(http.failures).to.deep.equal([]);
    await pool.end();
    await http.stop();
  });

  const ownedBy = (wallet: HDNodeWallet | null) =>
    http.service.domains.changeDomain(DOMAIN, { owner: wallet && parseAddress(wallet.address) });
  const switched = (ownerSignsIn: boolean) =>
    http.service.domains.changeDomain(DOMAIN, { ownerSignsIn });
  const usual = (scopes?: readonly string[]) => sessionWish(DOMAIN, scopes);
  const post = (body: unknown, path = "/sessions") => http.v1("POST", path, body, null);
  const signIn = async (scopes?: readonly string[], wallet = owner) =>
    post(await signRequest(wallet, usual(scopes)));
  const keyOf = async (answer: Promise<Answer>) => {
    const { status, body } = await answer;
    expect(status, JSON.stringify(body)).to.equal(201);
    return String(body["apiKey"]);
  };
  const isOpen = async (apiKey: string) => {
    const { status, body } = await http.v1("GET", "/names", undefined, apiKey);
    if (status !== 200) expectRefusal({ status, body }, 401, "UNAUTHORIZED");
    return status === 200;
  };

  function expectRefusal(
    { status, body }: Pick<Answer, "status" | "body">,
    expected: number,
    code: string,
    sentence = /./,
  ): void {
    expect({ status, code: body["code"] }, String(body["message"])).to.deep.equal({
      status: expected,
      code,
    });
    expect(body["message"]).to.match(sentence);
  }

  it("gives the domain's owner an API key with the scopes that were signed, for an hour", async () => {
    const { status, body, headers } = await signIn(["domain:admin", "names:read"]);
    expect(status).to.equal(201);
    const { apiKey, expiresAtMs, ...rest } = body;
    expect(rest).to.deep.equal({
      ...{ domain: DOMAIN, wallet: owner.address, scopes: ["names:read", "domain:admin"] },
    });
    expect(apiKey).to.match(/^signpost_session_[A-Za-z0-9_-]{43}$/);
    expect(expiresAtMs).to.be.closeTo(Date.now() + HOUR_MS, 60_000);
    expect(headers.get("cache-control")).to.equal("no-store");
    const key = String(apiKey);
    expect(await isOpen(key)).to.equal(true);
    const name = `a.${DOMAIN}`;
    expectRefusal(await http.v1("PUT", `/names/${name}`, {}, key), 403, "FORBIDDEN");
    const other = await http.v1("GET", `/names/a.${NESTED_DOMAIN}`, undefined, key);
    expectRefusal(other, 403, "FORBIDDEN");
    const [entry] = (await everyKey(http.service.domains, DOMAIN)).filter(
      ({ expiresMs }) => expiresMs !== null,
    );
    expect(entry).to.deep.include({
      label: `session of ${owner.address}`,
      limits: { changesPerMinute: 600, changesPerDay: 20_000 },
      expiresMs: expiresAtMs,
    });
  });

  it("stands in the history of what it changes by the number of its key", async () => {
    const key = await keyOf(signIn(["names:write", "names:read"]));
    const name = `made.${DOMAIN}`;
    expect(await http.v1("PUT", `/names/${name}`, {}, key)).to.include({ status: 201 });
    const { body } = await http.v1("GET", `/names/${name}/history`, undefined, key);
    const [{ entry }] = body["entries"] as [{ entry: { authority: { keyId: string } } }];
    const { rows } = await pool.query<{ id: string }>("select id from api_key where wallet = $1", [
      parseAddress(owner.address),
    ]);
    expect(entry.authority).to.deep.equal({ kind: "service", keyId: rows[0]?.id });
  });

  it("ends for good when the domain has another owner, or none, by whatever way", async () => {
    const ways = [
      () => ownedBy(Wallet.createRandom()),
      () => ownedBy(null),
      // as imports, mirrors and earlier builds write it
      () => pool.query("update domain set owner = null where name = $1", [DOMAIN]),
    ];
    for (const away of ways) {
      const key = await keyOf(signIn());
      await ownedBy(owner);
      expect(await isOpen(key)).to.equal(true);
      await away();
      await ownedBy(owner);
      expect(await isOpen(key)).to.equal(false);
    }
    expect(await isOpen(API_KEY)).to.equal(true);
  });

  it("ends for good when signing in is switched off, and none begins until it is on again", async () => {
    const [key, body] = [await keyOf(signIn()), await signRequest(owner, usual())];
    await switched(false);
    expect(await isOpen(key)).to.equal(false);
    const wayOut =
      /off for users\.example\.eth here.*domain policy users\.example\.eth --sign-in on/;
    expectRefusal(await post(body), 403, "FORBIDDEN", wayOut);
    expect((await http.v1("GET", "/domain")).body).to.include({ ownerSignsIn: false });
    await switched(true);
    expect((await http.v1("GET", "/domain")).body).to.include({ ownerSignsIn: true });
    expect(await isOpen(key)).to.equal(false);
    expect((await post(body)).status).to.equal(201);
  });

  it("is refused in the words that a page finds for the domain as it is shown", async () => {
    await switched(false);
    for (const [signer, sentence] of [
      [owner, /is off for/],
      [null, /has no owner/],
    ] as const) {
      const body = await signRequest(owner, usual());
      await ownedBy(signer);
      const refused = await post(body);
      const shown = (await http.v1("GET", "/domain")).body;
      expect(refused.body["message"]).to.match(sentence);
      expect(whyNoSignIn(shown as unknown as DomainAnswer)).to.equal(refused.body["message"]);
    }
  });

  it("is off where nobody switched it on", async () => {
    await http.service.domains.changeDomain(NESTED_DOMAIN, { owner: parseAddress(owner.address) });
    const of = { domain: NESTED_DOMAIN, name: NESTED_DOMAIN };
    const answer = await post(await signRequest(owner, { ...usual(), ...of }));
    expectRefusal(answer, 403, "FORBIDDEN", /--sign-in on/);
  });

  it("opens nothing after its time", async () => {
    const key = await keyOf(signIn());
    await pool.query("update api_key set expires_at = now() where expires_at is not null");
    expect(await isOpen(key)).to.equal(false);
    expect(await isOpen(API_KEY)).to.equal(true);
  });

  it("ends when it is signed out of, also where it has used up its changes; and no other with it", async () => {
    const [first, second] = [await keyOf(signIn()), await keyOf(signIn(["profiles:write"]))];
    await pool.query(`insert into rate_limit (key, points, expire) values ($1, 600, $2)`, [
      ...[`${sessionsBucket(DOMAIN)}/minute`, Date.now() + 60_000],
    ]);
    const signOut = (key: string) => http.v1("DELETE", "/sessions/current", undefined, key);
    expect(await signOut(second)).to.deep.include({ status: 204, body: {} });
    expectRefusal(await signOut(second), 401, "UNAUTHORIZED", /session is over/);
    expect(await isOpen(first)).to.equal(true);
    expectRefusal(await signOut(API_KEY), 403, "FORBIDDEN", /is of no session/);
    expect(await isOpen(API_KEY)).to.equal(true);
  });

  it("keeps 20 of a domain: the oldest ends with the 21st", async () => {
    const keys: string[] = [];
    for (let index = 0; index < 20; index++) keys.push(await keyOf(signIn()));
    const states = () => Promise.all(keys.map(isOpen));
    expect(await states()).to.deep.equal(Array(20).fill(true));
    keys.push(await keyOf(signIn()));
    expect(await states()).to.deep.equal([false, ...Array<boolean>(20).fill(true)]);
  });

  it("refuses the 101st within an hour, and forgets those whose hour is over", async () => {
    const first = await keyOf(signIn());
    await pool.query(
      `insert into api_key (domain, hash, label, scopes, changes_per_minute, changes_per_day, wallet, session_digest, expires_at)
       select $1, sha256(n::text::bytea), 'x', '{names:read}', 1, 1, $2, sha256(n::text::bytea), now() + interval '90 s'
       from generate_series(1, 99) n`,
      [DOMAIN, parseAddress(owner.address)],
    );
    const refused = await signIn();
    expectRefusal(refused, 429, "LIMIT_EXCEEDED", /At most 100 sessions/);
    expect(refused.headers.get("retry-after")).to.match(/^(?:[89][0-9])$/);
    expect(await isOpen(first)).to.equal(true);
    await pool.query("update api_key set expires_at = now() where label = 'x'");
    expect((await signIn()).status).to.equal(201);
    const { rows } = await pool.query("select from api_key where label = 'x'");
    expect(rows).to.deep.equal([]);
  });

  describe("refuses", () => {
    it("a signed request that opened a session, also after that was ended: WRONG_SEQUENCE", async () => {
      const body = await signRequest(owner, usual());
      const key = await keyOf(post(body));
      expectRefusal(await post(body), 409, "WRONG_SEQUENCE", /opened a session already/);
      await http.v1("DELETE", "/sessions/current", undefined, key);
      expectRefusal(await post(body), 409, "WRONG_SEQUENCE");
      const compact = { ...body, signature: compactOf(body.signature) };
      expectRefusal(await post(compact), 409, "WRONG_SEQUENCE");
      const at = await Promise.all([post(body), post(body)]);
      expect(at.map(({ status }) => status)).to.deep.equal([409, 409]);
    });

    it("all but one of the same request at once", async () => {
      const body = await signRequest(owner, usual());
      const answers = await Promise.all(Array.from({ length: 8 }, () => post(body)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).to.deep.equal([201, ...Array<number>(7).fill(409)]);
    });

    it("whoever is not the owner, and everybody where there is none", async () => {
      const answer = await signIn(undefined, Wallet.createRandom());
      expectRefusal(answer, 422, "WRONG_SIGNER", /is not the owner of the domain/);
      const named = {
        ...(await signRequest(Wallet.createRandom(), usual())),
        signer: owner.address,
      };
      expectRefusal(await post(named), 422, "WRONG_SIGNER", /was not signed by the key of/);
      await ownedBy(null);
      expectRefusal(
        ...([await signIn(), 403, "FORBIDDEN"] as const),
        /has no owner here.*API key.*--owner <address> --sign-in on/,
      );
    });

    it("any field that was changed after signing", async () => {
      const body = await signRequest(owner, usual(["names:read"]));
      const { request } = body;
      const content = { scopes: ["names:read", "domain:admin"] };
      const { contentHash } = (await signRequest(owner, usual(content.scopes))).request;
      const requestWith = (changes: Partial<SignedRequestBody["request"]>) => ({
        ...body,
        request: { ...request, ...changes },
      });
      const flipped: [what: string, sent: unknown, status: number, code: string][] = [
        ["content", { ...body, content }, 400, "INVALID_REQUEST"],
        ["content and its hash", { ...requestWith({ contentHash }), content }, 422, "WRONG_SIGNER"],
        ["deadline", requestWith({ deadline: request.deadline + 1 }), 422, "WRONG_SIGNER"],
        ["sequence", requestWith({ sequence: 1 }), 400, "INVALID_REQUEST"],
        ["action", requestWith({ action: "claim" }), 400, "INVALID_REQUEST"],
        ["name", requestWith({ name: `a.${DOMAIN}` }), 400, "INVALID_REQUEST"],
        ["domain", requestWith({ domain: NESTED_DOMAIN }), 400, "INVALID_REQUEST"],
        ["signer", { ...body, signer: Wallet.createRandom().address }, 422, "WRONG_SIGNER"],
        ["chain", { ...body, chainId: "5" }, 404, "UNKNOWN_RESOLVER"],
        ["resolver", { ...body, resolver: `0x${"5e".repeat(20)}` }, 404, "UNKNOWN_RESOLVER"],
      ];
      for (const [what, sent, status, code] of flipped) {
        const answer = await post(sent);
        expect([what, answer.status, answer.body["code"]]).to.deep.equal([what, status, code]);
      }
      // of another domain with the same owner
      await http.service.domains.changeDomain(NESTED_DOMAIN, {
        ...{ owner: parseAddress(owner.address), ownerSignsIn: true },
      });
      const moved = requestWith({ domain: NESTED_DOMAIN, name: NESTED_DOMAIN });
      expectRefusal(await post(moved), 422, "WRONG_SIGNER");
      // what was signed for another resolver, and sent for ours
      const elsewhere = { chainId: 1n, resolver: bytes(20, 0x5e) };
      const foreign = await signRequest(owner, { ...usual(), signedFor: elsewhere });
      const ours = { chainId: "1", resolver: toHex(SERVICE_RESOLVER.resolver) };
      expectRefusal(await post({ ...foreign, ...ours }), 422, "WRONG_SIGNER");
      expect(await post(body)).to.include({ status: 201 });
    });

    it("a deadline that has passed, and one far ahead", async () => {
      const at = async (deadline: number) =>
        post(await signRequest(owner, { ...usual(), deadline }));
      expectRefusal(await at(nowSec() - 3), 422, "REQUEST_EXPIRED");
      expectRefusal(await at(nowSec() + 3_600), 400, "INVALID_REQUEST");
    });

    it("scopes that are none, unknown or double", async () => {
      for (const scopes of [[], ["all"], ["names:read", "names:read"], "names:read"]) {
        const answer = await signIn(scopes as readonly string[]);
        expectRefusal(answer, 400, "INVALID_REQUEST", /The content of openSession.*scopes/);
      }
    });

    it("a name that is no domain, and an alias", async () => {
      const opened = async (name: string) =>
        post(await signRequest(owner, { ...usual(), domain: name, name }));
      expectRefusal(await opened(`a.${DOMAIN}`), 403, "FORBIDDEN");
      expectRefusal(await opened("elsewhere.eth"), 403, "FORBIDDEN");
      await http.service.domains.addAlias({ alias: "alias.eth", domain: DOMAIN });
      expectRefusal(await opened("alias.eth"), 403, "FORBIDDEN");
    });

    it("an openSession where a name is to be changed or read, and the other way round", async () => {
      const body = await signRequest(owner, usual());
      expectRefusal(await post(body, "/requests"), 400, "INVALID_REQUEST", /POST \/v1\/sessions/);
      expectRefusal(await post(body, "/histories"), 400, "INVALID_REQUEST", /sign readHistory/);
      const read = await signRequest(owner, { ...usual(), action: "readHistory", content: {} });
      expectRefusal(await post(read), 400, "INVALID_REQUEST", /sign openSession/);
    });
  });

  it("works where the domain is frozen, for reading", async () => {
    await http.v1("PUT", `/names/a.${DOMAIN}`, {});
    await http.service.domains.freeze(DOMAIN, { to: "https://new.example/" });
    await switched(false);
    await switched(true);
    const key = await keyOf(signIn(["names:read", "names:write"]));
    const read = await http.v1("GET", `/names/a.${DOMAIN}`, undefined, key);
    expect(read.status).to.equal(200);
    expectRefusal(await http.v1("PUT", `/names/b.${DOMAIN}`, {}, key), 409, "DOMAIN_FROZEN");
    expect(await http.v1("DELETE", "/sessions/current", undefined, key)).to.include({
      status: 204,
    });
  });

  it("is in no export", async () => {
    const key = await keyOf(signIn());
    const { body } = await http.v1("GET", "/export/domain");
    const told = JSON.stringify(body);
    expect(told).to.include(owner.address.toLowerCase()); // the owner itself is
    expect(told).not.to.match(/session|apiKey|hash|signsIn|sign_in|signs_in/i);
    expect(told).not.to.include(key);
  });

  it("ends with all keys where they are replaced", async () => {
    const key = await keyOf(signIn());
    const next = { ...newApiKey(""), hash: hashApiKey("x") };
    await http.service.domains.replaceApiKeys(DOMAIN, next);
    expect(await isOpen(key)).to.equal(false);
  });

  it("is opened by the SDK's wallet client", async () => {
    const mine = createWalletClient({ url: http.url, wallet: owner });
    const scopes: readonly Scope[] = ["names:read", "names:write"];
    const session = await mine.openSession(DOMAIN, scopes);
    expect(session).to.deep.include({ domain: DOMAIN, wallet: owner.address, scopes });
    expect(await isOpen(session.apiKey)).to.equal(true);
  });
});

/** ERC-2098: the same signature in 64 bytes. */
function compactOf(signature: string): string {
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)];
  const high = Number.parseInt(s.slice(0, 2), 16) | (v === "1c" ? 0x80 : 0);
  return `0x${r}${high.toString(16).padStart(2, "0")}${s.slice(2)}`;
}
