/** What holds for sessions at their bounds: many at once, the last moment of a deadline, and what changes meanwhile. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { parseAddress } from "../../../src/ens/address.js";
import { sessionKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { openSession } from "../../../src/registry/signed/openSession.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { everyKey } from "../../registry/access/everyKey.js";
import { sessionWish } from "../../registry/signed/sessionWish.js";
import { SERVICE_RESOLVER, signRequest, type Wish } from "../../registry/signed/signedRequests.js";
import { DOMAIN, openTestService, type TestService } from "../openTestService.js";

const NOW_MS = 1_900_000_000_000;

describe("http: the bounds of sessions", () => {
  let http: TestService;
  let pool: Pool;
  let owner: HDNodeWallet;
  let keys = 0;

  beforeEach(async () => {
    http = await openTestService();
    pool = openPool({ url: http.databaseUrl });
    owner = Wallet.createRandom();
    await http.service.domains.changeDomain(DOMAIN, {
      ...{ owner: parseAddress(owner.address), ownerSignsIn: true },
    });
  });
  afterEach(async () => {
    expect(http.failures).to.deep.equal([]);
    await pool.end();
    await http.stop();
  });

  const signed = (wish: Partial<Wish> = {}) =>
    signRequest(owner, {
      ...sessionWish(DOMAIN, ["names:read", "domain:admin"]),
      ...wish,
    });
  const signIn = async () => http.v1("POST", "/sessions", await signed(), null);
  const manyAtOnce = async (count: number) => {
    const bodies = await Promise.all(Array.from({ length: count }, () => signed()));
    return Promise.all(bodies.map((body) => http.v1("POST", "/sessions", body, null)));
  };
  const sessions = async () =>
    (await everyKey(http.service.domains, DOMAIN)).filter(({ expiresMs }) => expiresMs !== null);
  const addEnded = (count: number, endsAt: string, lastUsedAt: string) =>
    pool.query(
      `insert into api_key (domain, hash, label, scopes, changes_per_minute, changes_per_day, wallet, session_digest, expires_at, last_used_at)
       select $1, sha256((n || $3)::bytea), $3, '{names:read}', 1, 1, $2, sha256((n || $3)::bytea), ${endsAt}, ${lastUsedAt}
       from generate_series(1, ${count}) n`,
      [DOMAIN, parseAddress(owner.address), `${endsAt} ${lastUsedAt}`],
    );
  const openAt = (body: Awaited<ReturnType<typeof signed>>, nowMs: () => number) =>
    openSession(http.service.domains, body, sessionKeyFrom(bytes(32, ++keys)), nowMs);

  it("lets 20 go on, however many begin at once", async () => {
    const opened = await manyAtOnce(24);
    expect(opened.map(({ status }) => status)).to.deep.equal(Array(24).fill(201));
    const going = (await sessions()).filter(({ revokedMs }) => revokedMs === null);
    expect(going).to.have.length(20);
  });

  it("lets 100 begin within an hour, also of those that come at once", async () => {
    await addEnded(95, "now() + interval '1 hour'", "null");
    const statuses = (await manyAtOnce(12)).map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([...Array<number>(5).fill(201), ...Array<number>(7).fill(429)]);
  });

  it("keeps for 90 days the row of a session that was used, and counts it no more", async () => {
    await addEnded(100, "now() - interval '89 days'", "now() - interval '89 days'");
    await addEnded(1, "now() - interval '91 days'", "now() - interval '91 days'");
    await addEnded(1, "now() - interval '1 second'", "null");
    const first = await signIn();
    expect(first.status).to.equal(201);
    const rows = await sessions();
    expect(rows).to.have.length(101);
    expect(rows.filter(({ revokedMs }) => revokedMs !== null)).to.deep.equal([]);
  });

  it("opens none for a wallet that stops being the owner, or may not sign in, meanwhile", async () => {
    const { domains } = http.service;
    const other = parseAddress(Wallet.createRandom().address);
    const meanwhile = async (change: Parameters<typeof domains.changeDomain>[1]) => {
      const changing: typeof domains = {
        ...domains,
        openSession: async (...session) => {
          await domains.changeDomain(DOMAIN, change);
          return domains.openSession(...session);
        },
      };
      const key = sessionKeyFrom(bytes(32, 3));
      return openSession(changing, await signed(), key, Date.now);
    };
    await expectRejection(meanwhile({ ownerSignsIn: false }), "FORBIDDEN", /--sign-in on/);
    await domains.changeDomain(DOMAIN, { ownerSignsIn: true });
    await expectRejection(meanwhile({ owner: other }), "WRONG_SIGNER", /is not the owner/);
    expect(await sessions()).to.deep.equal([]);
  });

  it("takes a deadline until its last second, and 960 seconds ahead at most", async () => {
    const at = NOW_MS / 1000;
    const now = () => NOW_MS;
    await openAt(await signed({ deadline: at + 960 }), now);
    await openAt(await signed({ deadline: at - 1 }), now);
    const ahead = openAt(await signed({ deadline: at + 961 }), now);
    await expectRejection(ahead, "INVALID_REQUEST", /at most 900 seconds ahead/);
    const late = openAt(await signed({ deadline: at - 2 }), now);
    await expectRejection(late, "REQUEST_EXPIRED", /has passed/);
  });

  it("looks at the deadline once more when it writes", async () => {
    const body = await signed({ deadline: NOW_MS / 1000 + 60 });
    // it waited for others
    const times = [NOW_MS, NOW_MS + 62_000];
    const late = openAt(body, () => times.shift() ?? Number.NaN);
    await expectRejection(late, "REQUEST_EXPIRED", /has passed/);
    expect(await sessions()).to.deep.equal([]);
  });

  it("takes no signature for another chain whose resolver answers for the domain as well", async () => {
    const { domains } = http.service;
    await domains.connectResolver({ ...SERVICE_RESOLVER, chainId: 5n, domain: DOMAIN });
    const body = await signed();
    const flipped = await http.v1("POST", "/sessions", { ...body, chainId: "5" }, null);
    expect([flipped.status, flipped.body["code"]]).to.deep.equal([422, "WRONG_SIGNER"]);
    expect((await http.v1("POST", "/sessions", body, null)).status).to.equal(201);
  });

  it("ends what still opens something, and nothing else", async () => {
    const opened = await signIn();
    expect(opened.status).to.equal(201);
    const [{ id } = { id: "" }] = await sessions();
    const revoke = async () => (await http.v1("DELETE", `/keys/${id}`)).status;
    await pool.query("update api_key set expires_at = now() where id = $1", [id]);
    expect(await revoke()).to.equal(404);
    expect(await http.service.domains.limitApiKey(DOMAIN, id, { changesPerDay: 1 })).to.equal(null);
    await pool.query("update api_key set expires_at = now() + interval '1 hour' where id = $1", [
      id,
    ]);
    expect(await revoke()).to.equal(204);
  });

  it("freezes the domain for no mirror", async () => {
    const { body } = await signIn();
    const apiKey = String(body["apiKey"]);
    const wish = { to: "https://new.example/" };
    const refused = await http.v1("PUT", "/domain/frozen", wish, apiKey);
    expect([refused.status, refused.body["code"]]).to.deep.equal([403, "FORBIDDEN"]);
    expect(refused.body["message"]).to.match(/signpost key add/);
    expect((await http.v1("GET", "/domain")).body["frozen"]).to.equal(null);
  });

  it("are ended in a frozen domain as well", async () => {
    await signIn();
    const [{ id } = { id: "" }] = await sessions();
    await http.service.domains.freeze(DOMAIN, { to: "https://new.example/" });
    expect((await http.v1("DELETE", `/keys/${id}`)).status).to.equal(204);
  });
});
