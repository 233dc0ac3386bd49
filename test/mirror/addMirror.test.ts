/** A domain becomes a mirror in one moment, and what its writers are told names no private network. */
import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { writeAsService } from "../registry/changes/serviceWrites.js";
import {
  DOMAIN,
  NESTED_DOMAIN,
  openRegistry,
  type TestRegistry,
} from "../registry/openRegistry.js";
import {
  followToTheEnd,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const API_KEY = apiKeyFrom(bytes(32, 0));
const PUBLIC = "https://primary.example/";

describe("mirror: addMirror", () => {
  let there: TestRegistry;
  let api: ServiceApi;
  let here: MirrorHere;

  beforeEach(async () => {
    there = await openRegistry();
    api = await openServiceApi(there.pool);
    here = await openMirrorHere();
  });
  afterEach(async () => {
    await here.close();
    await api.close();
    await there.close();
  });

  const place = () => ({ url: api.url, apiKey: API_KEY });
  const domainHere = async (domain = DOMAIN) =>
    (await domainStore(here.pool).domains()).find(({ name }) => name === domain);
  const storesHere = () => ({ names: nameStore(here.pool), domains: domainStore(here.pool) });
  const write = () => writeAsService(storesHere(), DOMAIN, `a.${DOMAIN}`, [{ kind: "create" }]);
  const keysHere = async () => {
    const { rows } = await here.pool.query<{ schema: string }>(
      "select table_schema as schema from information_schema.tables where table_name = 'mirror_key' and table_schema like current_schema() || '%'",
    );
    const text = `select count(*)::integer as count from "${rows[0]?.schema}".mirror_key`;
    return (await here.pool.query<{ count: number }>(text)).rows[0]?.count;
  };

  it("makes no domain that is changed here where it does not make the mirror", async () => {
    await here.pool.query(`
      create function refuse_mirror() returns trigger language plpgsql as $$ begin raise 'full disk'; end $$;
      create trigger refuse before insert on mirror for each row execute function refuse_mirror()`);
    await expectRejection(here.add(place()), "INTERNAL", /refused a statement/);
    expect(await domainHere()).to.equal(undefined);
    expect(await keysHere()).to.equal(0);
    await here.pool.query("drop trigger refuse on mirror");
    expect(await here.add(place())).to.deep.equal({ isNew: true, remarks: [] });
    expect(await domainHere())
      .to.have.property("frozen")
      .not.equal(null);
  });

  it("makes the domain with its policy and all its resolvers", async () => {
    const { domains } = there.stores;
    await domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    const more = { chainId: 10n, resolver: bytes(20, 0x55), domain: DOMAIN };
    await domains.connectResolver(more);
    await domains.addAlias({ alias: "users.alias.eth", domain: DOMAIN });
    await here.add(place());
    expect((await domainHere())?.policy).to.include({ claims: "wallets" });
    const ours = domainStore(here.pool);
    expect(await ours.resolversOf(DOMAIN)).to.deep.equal(await domains.resolversOf(DOMAIN));
    expect(await ours.aliases()).to.deep.equal(await domains.aliases());
  });

  it("makes no mirror of a domain that has names and is changed here, and keeps no key of it", async () => {
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 0) };
    await addDomain(domainStore(here.pool), served, apiKeyFrom(bytes(32, 3)));
    await write();
    const advice = /freeze it first: `signpost domain freeze users\.example\.eth`/;
    await expectRejection(here.add(place()), "MIRROR_NOT_READY", advice);
    const open = { domain: DOMAIN, primary: { url: PUBLIC, network: null }, to: null, made: null };
    const sent = /domain freeze users\.example\.eth --to https:\/\/primary\.example\/`/;
    await expectRejection(mirrorStore(here.pool).add(open), "MIRROR_NOT_READY", sent);
    expect(await mirrorStore(here.pool).mirrors()).to.deep.equal([]);
    expect(await keysHere()).to.equal(0);
    expect((await domainHere())?.frozen).to.equal(null);
  });

  it("follows a domain below another mirror, which has nothing there", async () => {
    await here.add(place());
    await here.add({ ...place(), domain: NESTED_DOMAIN, apiKey: apiKeyFrom(bytes(32, 1)) });
    expect((await domainHere(NESTED_DOMAIN))?.frozen).to.not.equal(null);
  });

  it("tells writers no URL of a private network, and a public one where that is given", async () => {
    await here.add(place());
    await followToTheEnd(here.parts(place()));
    const refused = await expectRejection(write(), "DOMAIN_FROZEN", /not changed here/);
    expect(refused.details).to.deep.equal({ domain: DOMAIN });
    expect(refused.message).to.not.include("127.0.0.1");
    await mirrorStore(here.pool).remove(DOMAIN);
    await here.add({ ...place(), to: PUBLIC });
    const sent = await expectRejection(write(), "DOMAIN_FROZEN", /primary\.example/);
    expect(sent.details).to.deep.equal({ domain: DOMAIN, to: PUBLIC });
  });

  it("tells nobody the URL of a private network, where writers were sent there by hand", async () => {
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 0) };
    const { domains } = storesHere();
    await addDomain(domains, served, apiKeyFrom(bytes(32, 3)));
    await domains.freeze(DOMAIN, { to: api.url });
    await here.add(place());
    expect((await domainHere())?.frozen).to.deep.equal({ to: null });
    // as earlier builds left it
    await here.pool.query("update domain set frozen_to = $1", [api.url]);
    const hereApi = await openServiceApi(here.pool);
    const answer = await fetch(new URL(`v1/standing/${DOMAIN}`, hereApi.url));
    expect(await answer.json()).to.deep.include({ takesChanges: false, changedAt: null });
    await hereApi.close();
  });

  it("goes on telling the URL that writers were sent to before", async () => {
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 0) };
    const { domains } = storesHere();
    await addDomain(domains, served, apiKeyFrom(bytes(32, 3)));
    await domains.freeze(DOMAIN, { to: PUBLIC });
    await here.add(place());
    expect((await domainHere())?.frozen).to.deep.equal({ to: PUBLIC });
    const hereApi = await openServiceApi(here.pool);
    const answer = await fetch(new URL(`v1/standing/${DOMAIN}`, hereApi.url));
    expect(await answer.json()).to.deep.include({ takesChanges: false, changedAt: PUBLIC });
    await hereApi.close();
  });
});
