/** A mirror becomes the primary: the old one is fenced first, and can follow the new one afterwards. */
import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { namehash } from "../../src/ens/namehash.js";
import { SignpostError } from "../../src/errors.js";
import { promoteMirror } from "../../src/mirror/promote.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { openTransfer, type Transfer } from "../capabilities/registry/transfer/openTransfer.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { addApiKeyWith } from "../registry/addApiKey.js";
import { writeAsService } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../registry/openRegistry.js";
import {
  followToTheEnd,
  MIRROR_API_KEY,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const API_KEY = apiKeyFrom(bytes(32, 0));
const READ_KEY = apiKeyFrom(bytes(32, 0x44));
const under = (label: string) => `${label}.${DOMAIN}`;

describe("mirror: promoteMirror", () => {
  let old: TestRegistry;
  let oldApi: ServiceApi;
  let here: MirrorHere;
  let hereApi: ServiceApi;
  let transfer: Transfer;

  beforeEach(async () => {
    old = await openRegistry();
    oldApi = await openServiceApi(old.pool);
    here = await openMirrorHere();
    hereApi = await openServiceApi(here.pool);
    transfer = await openTransfer();
    await writeAsService(old.stores, DOMAIN, under("first"), [{ kind: "create" }]);
    await here.add({ url: oldApi.url, apiKey: API_KEY });
  });
  afterEach(async () => {
    await here.close();
    await Promise.all([hereApi.close(), oldApi.close()]);
    await Promise.all([old.close(), transfer.close()]);
  });

  const partsHere = (apiKey = API_KEY) => here.parts({ url: oldApi.url, apiKey });
  const storesHere = () => ({ names: nameStore(here.pool), domains: domainStore(here.pool) });
  const frozenAt = async ({ domains }: Pick<TestRegistry["stores"], "domains">) =>
    (await domains.domains()).find(({ name }) => name === DOMAIN)?.frozen;
  const promote = (to: string | null, leavesBehind = false, apiKey = API_KEY) =>
    promoteMirror(partsHere(apiKey), { to, leavesBehind });

  it("fences the primary, takes the rest, and is changed here then", async () => {
    await followToTheEnd(partsHere());
    await writeAsService(old.stores, DOMAIN, under("last"), [{ kind: "create" }]);
    await promote(hereApi.url);
    expect(await frozenAt(old.stores)).to.deep.equal({ to: hereApi.url });
    expect(await frozenAt(storesHere())).to.equal(null);
    expect(await transfer.exported(here.pool)).to.equal(await transfer.exported(old.pool));
    await writeAsService(storesHere(), DOMAIN, under("new"), [{ kind: "create" }]);
    await expectRejection(
      writeAsService(old.stores, DOMAIN, under("old"), [{ kind: "create" }]),
      "DOMAIN_FROZEN",
      new RegExp(`send the change to ${hereApi.url}`),
    );
  });

  it("lets the old primary follow the new one, and become the primary again", async () => {
    await followToTheEnd(partsHere());
    await promote(hereApi.url);
    await writeAsService(storesHere(), DOMAIN, under("new"), [{ kind: "create" }]);
    const back = await openMirrorHere(old.pool);
    const place = { url: hereApi.url, apiKey: MIRROR_API_KEY };
    expect(await back.add(place)).to.deep.equal({ isNew: false, remarks: [] });
    await followToTheEnd(back.parts(place));
    expect(await transfer.exported(old.pool)).to.equal(await transfer.exported(here.pool));
    await promoteMirror(back.parts(place), { to: oldApi.url, leavesBehind: false });
    expect(await frozenAt(storesHere())).to.deep.equal({ to: oldApi.url });
    await writeAsService(old.stores, DOMAIN, under("again"), [{ kind: "create" }]);
    await back.close();
  });

  it("changes nothing where it was not copied yet, or the key may not fence", async () => {
    await expectRejection(promote(hereApi.url), "MIRROR_NOT_READY", /not copied yet/);
    await followToTheEnd(partsHere());
    await addApiKeyWith(old.stores.domains, DOMAIN, READ_KEY, ["names:read"]);
    const weak = promote(hereApi.url, false, READ_KEY);
    await expectRejection(weak, "FORBIDDEN", /domain:admin/);
    expect(await frozenAt(old.stores)).to.equal(null);
    expect(await frozenAt(storesHere())).to.deep.equal({ to: null });
  });

  it("goes on where it was cut off behind the fence", async () => {
    await followToTheEnd(partsHere());
    const parts = here.parts({ url: oldApi.url, apiKey: API_KEY }, (primary) => ({
      ...primary,
      changes: () => Promise.reject(new SignpostError("UNREACHABLE", "Gone.", {})),
    }));
    const cut = promoteMirror(parts, { to: hereApi.url, leavesBehind: false });
    await expectRejection(cut, "PROMOTION_CUT_OFF", /Gone/);
    expect(await frozenAt(old.stores)).to.deep.equal({ to: hereApi.url });
    expect(await frozenAt(storesHere())).to.deep.equal({ to: null });
    await promote(hereApi.url);
    expect(await frozenAt(storesHere())).to.equal(null);
  });

  it("is one of two: the second one is told where the domain went", async () => {
    const second = await openMirrorHere();
    const secondApi = await openServiceApi(second.pool);
    const place = { url: oldApi.url, apiKey: API_KEY };
    await second.add(place);
    await Promise.all([followToTheEnd(partsHere()), followToTheEnd(second.parts(place))]);
    await promote(hereApi.url);
    const late = promoteMirror(second.parts(place), { to: secondApi.url, leavesBehind: false });
    await expectRejection(late, "DOMAIN_FROZEN", new RegExp(hereApi.url));
    await second.close();
    await secondApi.close();
  });

  it("does not wait for a primary that is gone, with what is here", async () => {
    await followToTheEnd(partsHere());
    await oldApi.close();
    await promote(null);
    expect(await frozenAt(storesHere())).to.equal(null);
    expect(await mirrorStore(here.pool).mirrors()).to.deep.equal([]);
    expect(await storesHere().names.nameOf(namehash(under("first")))).to.not.equal(null);
    oldApi = await openServiceApi(old.pool);
  });

  it("leaves no name behind without being told to", async () => {
    const { pool } = here;
    await followToTheEnd(partsHere());
    await pool.query(
      "insert into mirror_problem (domain, node, name, outcome, reason) values ($1, $2, $3, 'refused', 'r')",
      [DOMAIN, namehash(under("bad")), under("bad")],
    );
    await expectRejection(promote(hereApi.url), "MIRROR_NOT_READY", /1 names are not here/);
    expect(await frozenAt(old.stores)).to.equal(null);
    await promote(hereApi.url, true);
    expect(await frozenAt(storesHere())).to.equal(null);
  });

  it("takes what a data source has served since it was copied", async () => {
    const node = namehash(under("sourced"));
    const values = [node, under("sourced")];
    await old.pool.query("insert into imported_node (node, name) values ($1, $2)", values);
    const serve = (fingerprint: number) =>
      old.pool.query("insert into source_retired (node, profile_fingerprint) values ($1, $2)", [
        node,
        bytes(32, fingerprint),
      ]);
    await serve(1);
    await followToTheEnd(partsHere());
    await serve(2);
    await promote(hereApi.url);
    expect(await transfer.exported(here.pool)).to.equal(await transfer.exported(old.pool));
  });

  it("asks for a key that may read reservations when it is added", async () => {
    await addApiKeyWith(old.stores.domains, DOMAIN, READ_KEY, ["names:read"]);
    const weak = here.add({ url: oldApi.url, apiKey: READ_KEY });
    await expectRejection(weak, "FORBIDDEN", /--scopes names:read,domain:admin/);
  });

  it("is told that there is a data source, and not where", async () => {
    await old.pool.query("insert into source (domain, settings, fresh_ms) values ($1, $2, 1000)", [
      DOMAIN,
      { host: "10.1.2.3" },
    ]);
    const { lines } = await partsHere().primary.domain();
    expect(lines.join()).to.include('"kind":"source"').and.not.include("10.1.2.3");
  });

  it("tells strangers nothing of a primary in a private network", async () => {
    const answer = await fetch(new URL(`v1/standing/${DOMAIN}`, hereApi.url));
    const told = (await answer.json()) as { changedAt: unknown; mirror: { primary: unknown } };
    expect([told.changedAt, told.mirror.primary]).to.deep.equal([null, null]);
  });
});
