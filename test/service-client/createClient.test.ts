/** A service's client against the real service, on a real Postgres. */
import { expect } from "chai";
import { relayNodeProfile, signUp } from "../../src/demo/people.js";
import { namehash } from "../../src/ens/namehash.js";
import { apiKeyFrom, newApiKey, SCOPES } from "../../src/registry/domains/apiKey.js";
import { type Client, createClient, SignpostError } from "../../src/sdk/index.js";
import { bytes } from "../db/sampleNames.js";
import { expectError, expectRejection } from "../expectError.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../http/openTestService.js";
import { everyItem } from "./everyItem.js";

const RELAY_NODE = `relay.${DOMAIN}`;

describe("sdk/client: createClient", () => {
  let http: TestService;
  let signpost: Client;
  let name: string;
  let count = 0;

  before(async () => {
    http = await openTestService();
    signpost = createClient({ url: http.url, apiKey: API_KEY });
  });
  after(() => http.stop());
  beforeEach(() => {
    name = `client-${count++}.${DOMAIN}`;
  });

  /** A client with another key of the domain. */
  async function clientWith(options: Parameters<typeof newApiKey>[1]): Promise<Client> {
    const apiKey = apiKeyFrom(bytes(32, 0x40 + count));
    await http.service.domains.addApiKey(DOMAIN, newApiKey(apiKey, options));
    return createClient({ url: http.url, apiKey });
  }

  it("writes, reads and deletes a name; what is not there is null", async () => {
    expect(await signpost.names.get(name)).to.equal(null);
    expect(await signpost.names.delete(name)).to.equal(null);
    expect(await signpost.names.suspend(name, "spam")).to.equal(null);
    expect(await signpost.names.unsuspend(name)).to.equal(null);
    const person = await signUp([RELAY_NODE]);
    const records = { texts: { avatar: "https://a.example" }, contenthash: null };
    const put = await signpost.names.put(name, { ...person, records });
    expect(put).to.deep.include({ name, outcome: "created" });
    const read = await signpost.names.get(name);
    expect(read).to.deep.include({ name, owner: person.address, version: put.version });
    expect(read?.texts).to.include(records.texts);
    expect(await signpost.names.delete(name)).to.deep.equal({
      ...{ name, outcome: "deleted", version: null },
    });
    expect(await signpost.names.get(name)).to.equal(null);
  });

  it("takes names in any form, and refuses what has no normal form before it asks", async () => {
    await signpost.names.put(name, {});
    expect((await signpost.names.get(name.toUpperCase()))?.name).to.equal(name);
    await signpost.names.put(`🙂.${DOMAIN}`, {});
    expect((await signpost.names.get(`🙂.${DOMAIN}`))?.name).to.equal(`🙂.${DOMAIN}`);
    await expectRejection(signpost.names.get("a..eth"), "INVALID_NAME", /normal form/);
    await expectRejection(signpost.names.put(`a/b.${DOMAIN}`, {}), "INVALID_NAME", /normal form/);
  });

  it("writes only if the name is as the writer believes", async () => {
    const { version } = await signpost.names.put(name, {}, { onlyIf: "absent" });
    const conflict = [["VERSION_CONFLICT"], /./] as const;
    await expectRejection(signpost.names.put(name, {}, { onlyIf: "absent" }), ...conflict);
    const read = (await signpost.names.get(name))!;
    expect(read.version).to.equal(version);
    const first = await signpost.records.put(name, { texts: { a: "1" } }, { onlyIf: read });
    await expectRejection(
      signpost.records.put(name, { texts: { a: "2" } }, { onlyIf: read }),
      ...conflict,
    );
    expect((await signpost.names.get(name))?.texts).to.deep.equal({ a: "1" });
    const other = `other-${name}`;
    expect(await signpost.names.put(other, {}, { onlyIf: null })).to.include({
      outcome: "created",
    });
    await expectRejection(signpost.names.put(other, {}, { onlyIf: null }), ...conflict);
    const stale = { onlyIf: { version: version! } };
    await expectRejection(signpost.names.delete(name, stale), ...conflict);
    await expectRejection(signpost.names.suspend(name, "spam", stale), ...conflict);
    await expectRejection(signpost.names.unsuspend(name, stale), ...conflict);
    await expectRejection(signpost.profiles.delete(name, stale), ...conflict);
    await expectRejection(
      signpost.profiles.put(name, await signUp([RELAY_NODE]), stale),
      ...conflict,
    );
    const relayNode = relayNodeProfile("https://relay.example/dm3");
    await expectRejection(signpost.relayNodes.put(name, relayNode, stale), ...conflict);
    await expectRejection(signpost.relayNodes.delete(name, stale), ...conflict);
    expect(await signpost.names.delete(name, { onlyIf: { version: first.version! } })).to.include({
      outcome: "deleted",
    });
    await expectRejection(signpost.names.put(name, {}, { onlyIf: "present" }), ...conflict);
    await expectRejection(
      signpost.names.put(name, {}, { onlyIf: { version: '"7"' } }),
      "INVALID_REQUEST",
      /decimal digits/,
    );
  });

  it("reads a name again only when it has changed", async () => {
    const { version } = await signpost.names.put(name, {});
    expect(await signpost.names.getIfChanged(name, version!)).to.equal("unchanged");
    await signpost.records.put(name, { texts: { a: "1" } });
    expect(await signpost.names.getIfChanged(name, version!)).to.deep.include({
      texts: { a: "1" },
    });
    await signpost.names.delete(name);
    expect(await signpost.names.getIfChanged(name, version!)).to.equal(null);
  });

  it("publishes and deletes profiles and relay nodes", async () => {
    const person = await signUp([RELAY_NODE]);
    expect(await signpost.profiles.put(name, person)).to.include({ outcome: "created" });
    expect(await signpost.profiles.put(name, person)).to.include({ outcome: "unchanged" });
    const { version, ...deletion } = (await signpost.profiles.delete(name))!;
    expect(deletion).to.deep.equal({ name, outcome: "deleted" });
    expect((await signpost.names.get(name))?.version).to.equal(version);
    expect(await signpost.profiles.delete(name)).to.equal(null);

    expect(await signpost.relayNodes.delete(name)).to.equal(null);
    const relayNode = relayNodeProfile("https://relay.example/dm3");
    expect(await signpost.relayNodes.put(name, relayNode)).to.include({ outcome: "changed" });
    expect(await signpost.relayNodes.delete(name)).to.include({ outcome: "deleted" });
  });

  it("lists names across pages, by prefix, and from where a listing was left", async () => {
    const names = Array.from({ length: 7 }, (_, index) => `page-${index}.${DOMAIN}`);
    await signpost.batch(
      names.map((one) => ({ name: one })),
      { atomic: true },
    );
    const list = async (options: Parameters<Client["names"]["list"]>[0]) =>
      (await everyItem(signpost.names.list(options))).map((one) => one.name);
    expect(await list({ prefix: "page-", pageSize: 3 })).to.deep.equal(names);
    expect(await list({ prefix: "page-", pageSize: 7 })).to.deep.equal(names);
    expect(await list({ prefix: "page-", after: names[4]! })).to.deep.equal(names.slice(5));
    expect(await list({ prefix: "none-" })).to.deep.equal([]);
    expect(await list({ contains: "ge-4", pageSize: 1 })).to.deep.equal([names[4]]);
    const person = await signUp([RELAY_NODE]);
    for (const one of names.slice(0, 3)) await signpost.profiles.put(one, person);
    const { address } = person;
    expect(await list({ address, pageSize: 2 })).to.deep.equal(names.slice(0, 3));
    for await (const { name: first } of signpost.names.list({ prefix: "page-", pageSize: 1 })) {
      expect(first).to.equal(names[0]);
      break;
    }
    await expectRejection(list({ pageSize: 101 }), "INVALID_REQUEST", /limit/);
  });

  it("writes batches: each item by itself, or all or nothing", async () => {
    const taken = `taken-${name}`;
    await signpost.profiles.put(taken, await signUp([RELAY_NODE]));
    const items = [
      { name, records: { texts: { a: "1" } } },
      { name: taken, ...(await signUp([RELAY_NODE])) },
    ];
    const noOptions = undefined as unknown as { atomic: boolean };
    await expectRejection(signpost.batch(items, noOptions), "INVALID_REQUEST", /atomic: true/);
    const [written, refused] = await signpost.batch(items, { atomic: false });
    expect(written).to.deep.equal({ name, outcome: "created" });
    if (!refused || !("error" in refused)) throw new Error("the second was not refused");
    expect(refused.name).to.equal(taken);
    expect(refused.error).to.be.instanceOf(SignpostError);
    expect(refused.error).to.deep.include({ code: "NAME_TAKEN" });
    const [shouted] = await signpost.batch([{ name: name.toUpperCase() }], { atomic: false });
    expect(shouted).to.deep.equal({ name, outcome: "unchanged" });
    const atomic = signpost.batch([{ name, delete: true }, items[1]!], { atomic: true });
    const error = await expectRejection(atomic, "NAME_TAKEN", /item 1 was refused/);
    expect(error.details).to.include({ item: 1, status: 409 });
    expect(await signpost.names.get(name)).to.deep.include({ texts: { a: "1" } });
  });

  it("suspends a name, serves it again, and tells its history across pages", async () => {
    await signpost.names.put(name, {});
    expect(await signpost.names.suspend(name, "spam")).to.include({ outcome: "changed" });
    expect((await signpost.names.get(name))?.suspension).to.include({
      by: "service",
      reason: "spam",
    });
    expect(await signpost.names.unsuspend(name)).to.include({ outcome: "changed" });
    await signpost.names.delete(name);
    const operations = async (options?: Parameters<Client["names"]["history"]>[1]) =>
      (await everyItem(signpost.names.history(name, options))).map(({ entry }) => entry.operation);
    const all = ["create", "suspend", "unsuspend", "delete"];
    expect(await operations()).to.deep.equal(all);
    expect(await operations({ pageSize: 1 })).to.deep.equal(all);
    expect(await operations({ after: 2 })).to.deep.equal(all.slice(2));
  });

  it("reserves names", async () => {
    const wallet = (await signUp([RELAY_NODE])).address;
    const names = ["a", "b", "c"].map((label) => `${label}-${name}`);
    for (const one of names) await signpost.reservations.put(one);
    const kept = { wallet, untilMs: 253_402_214_400_000 };
    expect(await signpost.reservations.put(names[1]!, kept)).to.deep.equal({
      ...{ name: names[1], ...kept },
    });
    const listed = await everyItem(signpost.reservations.list({ pageSize: 2 }));
    expect(listed.map((one) => one.name)).to.deep.equal(names);
    expect(listed[1]).to.deep.equal({ name: names[1], ...kept });
    expect(await signpost.reservations.delete(names[0]!)).to.deep.equal({
      ...{ name: names[0], outcome: "deleted" },
    });
    expect(await signpost.reservations.delete(names[0]!)).to.equal(null);
    const rest = await everyItem(signpost.reservations.list({ after: names[1]! }));
    expect(rest.map((one) => one.name)).to.deep.equal([names[2]]);
  });

  it("tells of its domain", async () => {
    expect(await signpost.domain()).to.deep.include({
      domain: DOMAIN,
      resolvers: [{ chainId: "1", resolver: `0x${"5f".repeat(20)}` }],
    });
  });

  it("throws what the service refused: its code, message and details, status and request id", async () => {
    const refused = signpost.profiles.put(name, {
      ...(await signUp([RELAY_NODE])),
      address: `0x${"12".repeat(20)}`,
    });
    const error = await expectRejection(refused, "WRONG_SIGNER", /not signed by the wallet 0x1212/);
    expect(error.details).to.deep.include({ status: 422 });
    expect(error.details["requestId"]).to.match(/^[0-9a-f-]{36}$/);

    const foreign = await expectRejection(
      signpost.names.get("alice.elsewhere.eth"),
      "FORBIDDEN",
      /./,
    );
    expect(foreign.details["status"]).to.equal(403);
    const stranger = createClient({ url: http.url, apiKey: apiKeyFrom(bytes(32, 0x3f)) });
    await expectRejection(stranger.names.get(name), "UNAUTHORIZED", /unknown or revoked/);
    const reader = await clientWith({ label: "reader", scopes: ["names:read"] });
    const lacking = await expectRejection(
      reader.names.put(name, {}),
      "FORBIDDEN",
      /lacks the scope/,
    );
    expect(lacking.details["scope"]).to.equal("names:write");
  });

  it("tells at the limit how many seconds to wait", async () => {
    const limits = { changesPerMinute: 2, changesPerDay: 100 };
    const limited = await clientWith({ label: "limited", scopes: SCOPES, limits });
    await limited.names.put(name, {});
    await limited.names.delete(name);
    const error = await expectRejection(
      limited.names.put(name, {}),
      "LIMIT_EXCEEDED",
      /wait \d+ sec/,
    );
    expect(error.details).to.deep.include({ status: 429, limit: 2 });
    expect(error.details["retryAfterSec"]).to.be.within(1, 60);
    expect(await http.service.names.nameOf(namehash(name))).to.equal(null);
  });

  it("refuses options that make no sense, before it asks anybody", () => {
    const good = { url: http.url, apiKey: API_KEY };
    const wrong: [options: unknown, sentence: RegExp][] = [
      [undefined, /options are missing/],
      [{ ...good, apikey: "x" }, /no option apikey\. The options are url, apiKey, timeoutMs/],
      [{ ...good, url: "signpost.example.com" }, /option url/],
      [{ ...good, url: "ftp://signpost.example.com" }, /option url/],
      [{ ...good, url: "https://key@signpost.example.com" }, /option url/],
      [{ url: http.url }, /option apiKey is missing/],
      [{ ...good, apiKey: "a b" }, /option apiKey/],
      [{ ...good, apiKey: "a\nb" }, /option apiKey/],
      [{ ...good, timeoutMs: 0 }, /timeoutMs is 0/],
      [{ ...good, timeoutMs: 600_001 }, /timeoutMs is 600001/],
    ];
    for (const [options, sentence] of wrong) {
      expectError(
        () => createClient(options as Parameters<typeof createClient>[0]),
        "INVALID_REQUEST",
        sentence,
      );
    }
  });
});
