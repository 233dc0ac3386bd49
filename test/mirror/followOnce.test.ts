/** A mirror has what its primary has: names of every kind, those that are gone, and what outlives them. */
import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { endFeed } from "../../src/db/feed/followedDomain.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { namehash } from "../../src/ens/namehash.js";
import { normalizeName } from "../../src/ens/normalize.js";
import type { MirrorParts } from "../../src/mirror/followMirror.js";
import { followOnce } from "../../src/mirror/followOnce.js";
import { apiKeyFrom, hashApiKey, sessionKeyFrom } from "../../src/registry/domains/apiKey.js";
import { newSession } from "../../src/registry/domains/session.js";
import {
  fillDomain,
  type FilledDomain,
  under,
} from "../capabilities/registry/transfer/filledDomain.js";
import { openTransfer, type Transfer } from "../capabilities/registry/transfer/openTransfer.js";
import { openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { setRecords, writeAsService } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../registry/openRegistry.js";
import {
  anotherLease,
  followToTheEnd,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const API_KEY = apiKeyFrom(bytes(32, 0));

describe("mirror: followOnce", () => {
  let source: TestRegistry;
  let filled: FilledDomain;
  let api: ServiceApi;
  let here: MirrorHere;
  let transfer: Transfer;
  let parts: MirrorParts;

  before(async () => {
    source = await openRegistry();
    filled = await fillDomain(source);
    api = await openServiceApi(source.pool);
    here = await openMirrorHere();
    transfer = await openTransfer();
    const added = await here.add({ url: api.url, apiKey: API_KEY });
    expect(added).to.deep.equal({ isNew: true, remarks: [] });
    parts = here.parts({ url: api.url, apiKey: API_KEY });
  });
  after(async () => {
    await here.close();
    await api.close();
    await Promise.all([source.close(), transfer.close()]);
  });

  const exports = async () =>
    Promise.all([transfer.exported(source.pool), transfer.exported(here.pool)]);
  const mirror = async () => (await mirrorStore(here.pool).mirrorOf(DOMAIN))!;
  const nameHere = (label: string) => nameStore(here.pool).nameOf(namehash(under(label)));

  it("copies everything: its export is that of the primary, byte for byte", async () => {
    await followToTheEnd(parts);
    const [there, copied] = await exports();
    expect(copied).to.equal(there);
    const { copiedAtMs, caughtUpAtMs, problems, failures } = await mirror();
    expect([copiedAtMs === null, caughtUpAtMs === null]).to.deep.equal([false, false]);
    expect({ problems, failures }).to.deep.equal({ problems: 0, failures: 0 });
  });

  it("takes in what changes, is new, or is deleted", async () => {
    await writeAsService(source.stores, DOMAIN, under("new"), [{ kind: "create" }]);
    await writeAsService(source.stores, DOMAIN, under("bare"), [{ kind: "delete" }]);
    await setRecords(source.stores, {
      ...{ domain: DOMAIN, name: under("full") },
      records: { texts: { url: "changed" } },
    });
    await filled.sign({
      ...{ wallet: filled.owner, name: under("held"), action: "setRecords", sequence: 2 },
      content: { records: { texts: { url: "w" } } },
    });
    await followToTheEnd(parts);
    const [there, copied] = await exports();
    expect(copied).to.equal(there);
    expect(await nameHere("bare")).to.equal(null);
    expect((await nameHere("held"))?.texts.get("url")).to.equal("w");
  });

  it("ends sessions here when the owner becomes another one, and leaves the switch as it is here", async () => {
    const mirrored = domainStore(here.pool);
    await followToTheEnd(parts);
    await mirrored.changeDomain(DOMAIN, { ownerSignsIn: true });
    const wallet = (await mirrored.domainHolding(normalizeName(DOMAIN)))!.owner!;
    const apiKey = sessionKeyFrom(bytes(32, 0xee));
    const digest = hashApiKey("what was signed");
    const session = newSession({ domain: DOMAIN, wallet, digest }, apiKey, ["names:read"]);
    expect(await mirrored.openSession(session, () => undefined)).to.not.equal(null);
    await followToTheEnd(parts);
    expect(await mirrored.apiKeyOf(hashApiKey(apiKey))).to.not.equal(null);
    await source.stores.domains.changeDomain(DOMAIN, { owner: bytes(20, 0xbc) });
    await followToTheEnd(parts);
    await source.stores.domains.changeDomain(DOMAIN, { owner: wallet });
    await followToTheEnd(parts);
    expect(await mirrored.apiKeyOf(hashApiKey(apiKey))).to.equal(null);
    const { ownerSignsIn } = (await mirrored.domainHolding(normalizeName(DOMAIN)))!;
    expect(ownerSignsIn).to.equal(true);
    const primary = await source.stores.domains.domainHolding(normalizeName(DOMAIN));
    expect(primary).to.include({ ownerSignsIn: false });
  });

  it("takes in policy, owner and reservations", async () => {
    const { domains } = source.stores;
    await domains.changeDomain(DOMAIN, {
      owner: bytes(20, 0xbb),
      policy: { claims: "service", addressNames: false, aliases: true, reservedLabels: ["b"] },
    });
    const name = normalizeName(under("kept"));
    await domains.removeReservation(DOMAIN, name);
    await domains.reserve({
      ...{ domain: DOMAIN, wallet: null, untilMs: 4_000_000_000_000 },
      name: normalizeName(under("later")),
    });
    await followToTheEnd(parts);
    const [there, copied] = await exports();
    expect(copied).to.equal(there);
  });

  it("takes names that do not come in one answer, and a history that does not", async () => {
    const large = (mark: string) => ({
      texts: Object.fromEntries(
        Array.from({ length: 64 }, (_, at) => [`k${at}`, mark.repeat(4_000)]),
      ),
    });
    for (const label of ["large-1", "large-2", "large-3", "large-4", "large-5"]) {
      const name = under(label);
      await setRecords(source.stores, { domain: DOMAIN, name, records: large("a") });
    }
    for (const mark of ["b", "c", "d", "e", "f", "g"]) {
      const name = under("large-3");
      await setRecords(source.stores, { domain: DOMAIN, name, records: large(mark) });
    }
    await followToTheEnd(parts);
    const [there, copied] = await exports();
    expect(copied === there).to.equal(true);
  });

  it("refuses whoever would change the domain here, and says where it is changed", async () => {
    const stores = { names: nameStore(here.pool), domains: domainStore(here.pool) };
    const refused = await expectRejection(
      writeAsService(stores, DOMAIN, under("mine"), [{ kind: "create" }]),
      "DOMAIN_FROZEN",
      /not changed here/,
    );
    expect(refused.details).to.deep.equal({ domain: DOMAIN });
    await expectRejection(
      stores.domains.freeze(DOMAIN, null),
      "FORBIDDEN",
      /mirror of .* promote it/,
    );
    const elsewhere = stores.domains.fence(DOMAIN, { to: "https://else.example/", by: null });
    await expectRejection(elsewhere, "DOMAIN_FROZEN", /is a mirror itself/);
  });

  it("writes nothing where another process follows meanwhile", async () => {
    const { store, lease } = parts;
    const mine = (await store.take(lease, 60_000, true))!;
    await writeAsService(source.stores, DOMAIN, under("late"), [{ kind: "create" }]);
    expect(await store.take(anotherLease(lease), 60_000, false)).to.equal(null);
    const theirs = anotherLease(lease);
    expect(await store.take(theirs, 60_000, true)).to.deep.include({ domain: DOMAIN });
    expect(await followOnce(parts, mine, 0)).to.equal("lost");
    expect(await nameHere("late")).to.equal(null);
    expect((await mirror()).progress).to.deep.equal(mine.progress);
    await followToTheEnd(parts);
    expect(await nameHere("late")).to.deep.include({ name: under("late") });
  });

  it("keeps the lease as long as it works", async () => {
    const { store, lease } = parts;
    const mine = (await store.take(lease, 1, true))!;
    expect(await followOnce(parts, mine, 0)).to.not.equal("lost");
    expect(await store.take(anotherLease(lease), 60_000, false)).to.equal(null);
  });

  it("begins anew behind a feed that is another one, and loses nothing", async () => {
    await endFeed(source.pool, DOMAIN);
    await writeAsService(source.stores, DOMAIN, under("late"), [{ kind: "delete" }]);
    await writeAsService(source.stores, DOMAIN, under("after"), [{ kind: "create" }]);
    await followToTheEnd(parts);
    const [there, copied] = await exports();
    expect(copied).to.equal(there);
  });

  it("keeps what is newer here than at a primary that was restored, and tells of it", async () => {
    const backup = await transfer.exported(source.pool);
    await setRecords(source.stores, {
      ...{ domain: DOMAIN, name: under("full") },
      records: { texts: { url: "behind the backup" } },
    });
    await followToTheEnd(parts);
    const restored = await openMigratedPool();
    await transfer.imported(restored.pool, backup);
    const restoredApi = await openServiceApi(restored.pool);
    const place = { url: restoredApi.url, apiKey: apiKeyFrom(bytes(32, 0x99)) };
    await followToTheEnd(here.parts(place));
    expect((await nameHere("full"))?.texts.get("url")).to.equal("behind the backup");
    const [problem, ...others] = await mirrorStore(here.pool).problemsOf(DOMAIN, 10);
    expect(others).to.deep.equal([]);
    expect(problem).to.deep.include({ name: under("full"), outcome: "kept" });
    await restoredApi.close();
    await restored.close();
  });
});
