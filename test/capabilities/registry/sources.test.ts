/** Names behind which a service's own Postgres stands: over real HTTP, from a second real server. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { scanStore } from "../../../src/db/scanStore.js";
import { sourceStore } from "../../../src/db/sourceStore.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { lookupIn } from "../../../src/net/lookupIn.js";
import { noPause } from "../../../src/registry/changes/clock.js";
import { scanSource } from "../../../src/registry/sources/scanSource.js";
import type { SourceStore, StoredSource } from "../../../src/registry/sources/sourceStore.js";
import { openPostgresSource } from "../../../src/source-postgres/openPostgresSource.js";
import {
  decodeResult,
  recordCall,
  resolveRequest,
  verifyAnswer,
} from "../../gateway/ensRequest.js";
import { DOMAIN, openTestService, RESOLVER, type TestService } from "../../http/openTestService.js";
import { profilesOf } from "../../registry/openRegistry.js";
import { signRequest } from "../../registry/signed/signedRequests.js";
import {
  type ServicePostgres,
  startServicePostgres,
} from "../../source-postgres/servicePostgres.js";
import { signedText } from "./signedText.js";

describe("capabilities/registry: names from a service's own Postgres", function () {
  this.timeout(180_000);
  let postgres: ServicePostgres;
  let http: TestService;
  /** How far the service's clock is ahead: nobody waits for a second. */
  let aheadMs = 0;
  let pool: Pool;
  let store: SourceStore;
  let source: StoredSource;
  let wallet: HDNodeWallet;
  let profiles: SignedUserProfile[];

  before(async () => {
    postgres = await startServicePostgres();
    // no password is sealed here: the server lets this user in without one
    await postgres.sql(`create role without login; grant select on users to without`);
    await postgres.trust("without");
    http = await openTestService(undefined, { nowMs: () => Date.now() + aheadMs });
    pool = openPool({ url: http.databaseUrl });
    store = sourceStore(pool);
    const settings = postgres.settings({ user: "without" });
    source = await store.add({ domain: DOMAIN, settings, freshMs: 1000 });
    wallet = Wallet.createRandom();
    profiles = await profilesOf(wallet, 4);
    aheadMs += 1_100; // which sources there are is known for a second
  });
  after(async () => {
    await pool.end();
    await http.stop();
    await postgres.remove();
  });

  const text = (name: string, key: string) => signedText(http, name, key);
  const profileOf = (name: string) => text(name, "network.dm3.profile");
  /** An answer may be a second old. */
  const afterASecond = <T>(ask: () => Promise<T>) => {
    aheadMs += 1_050;
    return ask();
  };
  const record = (index: number) => encodeProfileRecord(profiles[index]!);
  const json = (index: number) => JSON.stringify(profiles[index]);
  const put = (label: string, index: number | null, more: Record<string, string> = {}) =>
    postgres.put(label, {
      wallet: wallet.address,
      profile: index === null ? null : json(index),
      ...more,
    });
  /** They are noted beside the lookup that met them. */
  const problems = async (name: string) => {
    for (let attempt = 0; ; attempt++) {
      const noted = (await store.problems.list(source.id, null, 1000)).filter(
        (one) => one.name === name,
      );
      if (noted.length > 0 || attempt === 50) return noted.map(({ kind }) => kind);
      await delay(20);
    }
  };

  it("answers a row as soon as it is there, without a call to us, and what it says next", async () => {
    const name = `alice.${DOMAIN}`;
    expect(await profileOf(name)).to.equal("");
    await put("alice", 0, { avatar: "a.png" });
    expect(await afterASecond(() => profileOf(name))).to.equal(record(0));
    expect(await text(name, "avatar")).to.equal("a.png");
    await put("alice", 1, { avatar: "b.png" });
    expect(await afterASecond(() => profileOf(name))).to.equal(record(1));
    expect(await text(name, "avatar")).to.equal("b.png");
    const call = recordCall(name, "addr(bytes32)");
    const request = resolveRequest(name, call, 1n);
    const { body } = await http.ccip(request);
    const { result } = verifyAnswer(String(body["data"]), { target: RESOLVER, request });
    expect(decodeResult("addr(bytes32)", result)).to.equal(wallet.address);
    await postgres.sql("delete from users where username = 'alice'");
    expect(await afterASecond(() => profileOf(name))).to.equal("");
  });

  it("takes the profile as the text record, too", async () => {
    await postgres.put("uri", { wallet: wallet.address.toLowerCase(), profile: record(2) });
    expect(await profileOf(`uri.${DOMAIN}`)).to.equal(record(2));
  });

  it("never brings an earlier profile back, not after its row was away either, and says so", async () => {
    const name = `bob.${DOMAIN}`;
    for (const index of [0, 1]) {
      await put("bob", index);
      expect(await afterASecond(() => profileOf(name))).to.equal(record(index));
    }
    await put("bob", 0);
    expect(await afterASecond(() => profileOf(name))).to.equal("");
    expect(await problems(name)).to.deep.equal(["earlierProfile"]);
    await postgres.sql("delete from users where username = 'bob'");
    expect(await afterASecond(() => profileOf(name))).to.equal("");
    // the last one is no earlier one
    await put("bob", 1, { avatar: "new" });
    expect(await afterASecond(() => profileOf(name))).to.equal(record(1));
    await put("bob", 2);
    expect(await afterASecond(() => profileOf(name))).to.equal(record(2));
  });

  it("holds a row to what is published: each field alone makes it absent, with a problem", async () => {
    const broken: Record<string, [string, Record<string, string | null>]> = {
      ["wallet-form"]: ["wallet", { wallet: "0x12" }],
      ["wallet-zero"]: ["wallet", { wallet: `0x${"0".repeat(40)}` }],
      ["wallet-other"]: ["profile", { wallet: Wallet.createRandom().address }],
      ["wallet-none"]: ["profile", { wallet: null }],
      ["profile-json"]: ["profile", { profile: "{" }],
      ["profile-signature"]: ["profile", { profile: json(0).replace(/0x..../, "0x0000") }],
      ["profile-content"]: ["profile", { profile: json(0).replace("relay-0", "relay-9") }],
      ["profile-link"]: ["profile", { profile: "data:text/plain,x" }],
      ["text-long"]: ["records", { avatar: "x".repeat(5000) }],
      ["row-long"]: ["tooLarge", { bio: "x".repeat(20_000) }],
    };
    await postgres.put("whole", { wallet: wallet.address, profile: json(0), avatar: "a" });
    expect(await text(`whole.${DOMAIN}`, "avatar")).to.equal("a");
    for (const [label, [kind, row]] of Object.entries(broken)) {
      await postgres.put(label, { wallet: wallet.address, profile: json(0), avatar: "a", ...row });
      const name = `${label}.${DOMAIN}`;
      expect(await text(name, "avatar"), label).to.equal("");
      expect(await problems(name), label).to.deep.equal([kind]);
    }
    const other = Wallet.createRandom().address.toLowerCase();
    await put(other, 0);
    expect(await profileOf(`${other}.${DOMAIN}`)).to.equal("");
    expect(await problems(`${other}.${DOMAIN}`)).to.deep.equal(["wallet"]);
  });

  it("lets two rows of one name both lose", async () => {
    await put("twice", 0);
    await postgres.sql("insert into users select * from users where username = 'twice'");
    expect(await profileOf(`twice.${DOMAIN}`)).to.equal("");
    expect(await problems(`twice.${DOMAIN}`)).to.deep.equal(["twins"]);
  });

  it("does not ask for the domain itself, nor for names further below", async () => {
    await put("deep", 0);
    expect(await profileOf(DOMAIN)).to.equal("");
    expect(await profileOf(`x.deep.${DOMAIN}`)).to.equal("");
  });

  it("lets our own row win: published, suspended, and what it had afterwards", async () => {
    const name = `carol.${DOMAIN}`;
    await put("carol", 0);
    expect(await profileOf(name)).to.equal(record(0));
    const published = await http.v1("PUT", `/names/${name}/profile`, {
      address: wallet.address,
      signedUserProfile: profiles[1],
    });
    expect(published.status, JSON.stringify(published.body)).to.be.oneOf([200, 201]);
    expect(await afterASecond(() => profileOf(name))).to.equal(record(1));
    const suspension = `/names/${name}/suspension`;
    expect((await http.v1("PUT", suspension, { reason: "spam" })).status).to.equal(200);
    expect(await afterASecond(() => profileOf(name))).to.equal("");
    expect((await http.v1("DELETE", suspension)).status).to.equal(200);
    expect((await http.v1("DELETE", `/names/${name}`)).status).to.be.oneOf([200, 204]);
    // older than what was published
    expect(await afterASecond(() => profileOf(name))).to.equal("");
    expect(await problems(name)).to.deep.equal(["earlierProfile"]);
    await put("carol", 1);
    expect(await afterASecond(() => profileOf(name))).to.equal("");
    await put("carol", 2);
    expect(await afterASecond(() => profileOf(name))).to.equal(record(2));
  });

  it("lets a service suspend a name that only its own table had", async () => {
    const name = `hana.${DOMAIN}`;
    await put("hana", 0);
    expect(await profileOf(name)).to.equal(record(0));
    expect((await http.v1("PUT", `/names/${name}`, {})).status).to.be.oneOf([200, 201]);
    const suspension = `/names/${name}/suspension`;
    expect((await http.v1("PUT", suspension, { reason: "spam" })).status).to.equal(200);
    expect(await afterASecond(() => profileOf(name))).to.equal("");
    expect((await http.v1("DELETE", `/names/${name}`)).status).to.be.oneOf([200, 204]);
    expect(await afterASecond(() => profileOf(name))).to.equal(record(0));
  });

  it("refuses to publish, for a service, what was served earlier", async () => {
    const name = `dave.${DOMAIN}`;
    for (const index of [0, 1]) {
      await put("dave", index);
      expect(await afterASecond(() => profileOf(name))).to.equal(record(index));
    }
    const old = { address: wallet.address, signedUserProfile: profiles[0] };
    const refused = await http.v1("PUT", `/names/${name}/profile`, old);
    expect(refused.status).to.equal(409);
    expect(refused.body).to.deep.include({ code: "SUPERSEDED_PROFILE" });
  });

  it("lets what an owner signed win for ever", async () => {
    const name = `erin.${DOMAIN}`;
    const sign = (sequence: number, action: "claim" | "publishProfile" | "delete", content = {}) =>
      signRequest(wallet, { action, domain: DOMAIN, name, content, sequence }).then((body) =>
        http.v1("POST", "/requests", body, null),
      );
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    await put("erin", 0);
    expect(await profileOf(name)).to.equal(record(0));
    const claimed = await sign(1, "publishProfile", { signedUserProfile: profiles[1] });
    expect(claimed.status, JSON.stringify(claimed.body)).to.be.below(300);
    await put("erin", 2);
    expect(await afterASecond(() => profileOf(name))).to.equal(record(1));
    const gone = await sign(2, "delete");
    expect(gone.status, JSON.stringify(gone.body)).to.be.below(300);
    await put("erin", 3);
    expect(await afterASecond(() => profileOf(name))).to.equal("");
    expect(await problems(name)).to.deep.equal(["givenUp"]);
    // the service may give the name to somebody else
    const other = Wallet.createRandom();
    const [profile] = await profilesOf(other, 1);
    await postgres.put("erin", { wallet: other.address, profile: JSON.stringify(profile) });
    expect(await afterASecond(() => profileOf(name))).to.equal(encodeProfileRecord(profile!));
  });

  it("lets our own row win over a row that is the same name to dm3's clients alone, where that is another wallet's", async () => {
    const [ours, theirs] = [`stra\u00dfe.${DOMAIN}`, `strasse.${DOMAIN}`];
    await put("strasse", 0);
    expect(await profileOf(theirs)).to.equal(record(0));
    const other = Wallet.createRandom();
    const [profile] = await profilesOf(other, 1);
    const publish = (address: string, signedUserProfile: unknown) =>
      http.v1("PUT", `/names/${ours}/profile`, { address, signedUserProfile });
    expect((await publish(other.address, profile)).status).to.be.oneOf([200, 201]);
    expect(await afterASecond(() => profileOf(theirs))).to.equal("");
    expect(await problems(theirs)).to.deep.equal(["twins"]);
    expect(await profileOf(ours)).to.equal(encodeProfileRecord(profile!));
    // the same wallet's are one user
    expect((await http.v1("DELETE", `/names/${ours}`)).status).to.be.oneOf([200, 204]);
    expect(await afterASecond(() => profileOf(theirs))).to.equal(record(0));
    expect((await publish(wallet.address, profiles[1])).status).to.be.oneOf([200, 201]);
    expect(await afterASecond(() => profileOf(theirs))).to.equal(record(0));
    expect((await http.v1("DELETE", `/names/${ours}`)).status).to.be.oneOf([200, 204]);
  });

  it("lets rows that are one name both lose once a scan has seen them", async () => {
    for (const label of ["Fred", "fred", "grösse", "größe", "gus"]) await put(label, 0);
    expect(await profileOf(`fred.${DOMAIN}`)).to.equal(record(0));
    const { settings } = source;
    if (settings.kind !== "postgres") throw new Error("Another kind.");
    const rows = openPostgresSource({
      ...{
        id: source.id,
        domain: DOMAIN,
        settings,
        password: "",
        lookup: lookupIn(settings.network),
      },
    });
    const scan = async () => {
      const now = await store.source(source.id);
      return scanSource(now!, rows, {
        ...{ scans: scanStore(pool), problems: store.problems, pause: noPause },
        isSureOfDrops: false,
      });
    };
    await scan();
    for (const label of ["fred", "grösse", "größe"]) {
      expect(await afterASecond(() => profileOf(`${label}.${DOMAIN}`)), label).to.equal("");
      expect(await problems(`${label}.${DOMAIN}`)).to.deep.equal(["twins"]);
    }
    expect(await profileOf(`gus.${DOMAIN}`)).to.equal(record(0));
    await postgres.sql("delete from users where username in ('Fred', 'größe')");
    await scan();
    expect(await afterASecond(() => profileOf(`fred.${DOMAIN}`))).to.equal(record(0));
    await rows.close();
  });

  it("says 503 while it could not find out, never absent, and goes on afterwards", async () => {
    await put("gwen", 0);
    const name = `gwen.${DOMAIN}`;
    expect(await profileOf(name)).to.equal(record(0));
    const outage = async (begin: string, end: string) => {
      await postgres.sql(begin);
      for (const asked of [name, `nobody.${DOMAIN}`]) {
        expect(await afterASecond(() => profileOf(asked)), begin).to.equal(503);
      }
      await postgres.sql(end);
      expect(await afterASecond(() => profileOf(name)), end).to.equal(record(0));
    };
    await outage("alter table users rename to moved", "alter table moved rename to users");
    await outage(
      "alter table users rename column avatar to picture",
      "alter table users rename column picture to avatar",
    );
    await outage("revoke select on users from without", "grant select on users to without");
    await postgres.server.stop();
    expect(await afterASecond(() => profileOf(name))).to.equal(503);
    const readiness = await http.service.readiness();
    expect(readiness.warnings.join()).to.match(/data source of users\.example\.eth did not answer/);
    // the clock alone, which is ahead
    expect(readiness.reasons.join()).not.to.match(/data source/);
    expect(await text(`team.${DOMAIN}`, "x")).to.equal(""); // a domain of its own, without a source
    await postgres.server.start();
    expect(await afterASecond(() => profileOf(name))).to.equal(record(0));
  });
});
