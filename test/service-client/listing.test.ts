/** Each list a page at a time, for whoever shows it in parts: where a page ends, the next one begins. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { openPool } from "../../src/db/pool.js";
import { sourceStore } from "../../src/db/sourceStore.js";
import { apiKeyFrom, newApiKey, SCOPES } from "../../src/registry/domains/apiKey.js";
import { httpSettings } from "../../src/registry/sources/httpSettings.js";
import {
  type Client,
  createClient,
  createWalletClient,
  type Listing,
} from "../../src/sdk/index.js";
import { bytes } from "../db/sampleNames.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../http/openTestService.js";
import { provenNode, signedNetwork } from "../registry/signedStatements.js";
import { everyItem } from "./everyItem.js";

const LABELS = ["a", "b", "c", "d", "e"];
const PAGE_SIZE = 2;

describe("sdk/client: one page of a list", () => {
  let http: TestService;
  let signpost: Client;
  const wallet = Wallet.createRandom();

  before(async () => {
    http = await openTestService();
    signpost = createClient({ url: http.url, apiKey: API_KEY });
    const { domains } = http.service;
    await domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    for (const [at, label] of LABELS.entries()) {
      const [node, network] = [`${label}.${DOMAIN}`, `xmpp-${label}.${DOMAIN}`];
      await signpost.relayNodes.put(node, provenNode(node, null));
      await signpost.networks.put(network, signedNetwork(network, null));
      await signpost.records.put(`a.${DOMAIN}`, { texts: { label } });
      await signpost.reservations.put(`kept-${label}.${DOMAIN}`);
      const apiKey = apiKeyFrom(bytes(32, 0x50 + at));
      await domains.addApiKey(DOMAIN, newApiKey(apiKey, { label, scopes: SCOPES }));
    }
    await noteProblems();
  });
  after(() => http.stop());

  async function noteProblems(): Promise<void> {
    const pool = openPool({ url: http.databaseUrl });
    const store = sourceStore(pool);
    const settings = httpSettings.parse({
      ...{ kind: "http", endpoint: "https://users.example.com/" },
      publicKey: { kty: "OKP", crv: "Ed25519", x: "x".repeat(43), kid: "k".repeat(43) },
    });
    const { id } = await store.add({ domain: DOMAIN, settings, freshMs: 1000 });
    for (const label of LABELS) {
      await store.problems.note(id, `row-${label}.${DOMAIN}`, { kind: "wallet", detail: "Wrong." });
    }
    await pool.end();
  }

  interface From<Place> {
    readonly after?: Place;
    readonly pageSize: number;
  }

  /** By pages of two, each asked for by the place that the one before told. */
  async function byPages<Item, Place extends string | number>(
    list: (from: From<Place>) => Listing<Item, Place>,
  ): Promise<readonly Item[]> {
    const found: Item[] = [];
    let from: From<Place> = { pageSize: PAGE_SIZE };
    for (;;) {
      const { items, next } = await list(from).page();
      found.push(...items);
      if (next === null) return found;
      expect(items).to.have.length(PAGE_SIZE);
      from = { after: next, pageSize: PAGE_SIZE };
    }
  }

  const history = `a.${DOMAIN}`;
  type Place = string | number;
  const lists: Readonly<Record<string, (from: From<never>) => Listing<unknown, Place>>> = {
    names: (from) => signpost.names.list(from),
    reservations: (from) => signpost.reservations.list(from),
    keys: (from) => signpost.keys.list(from),
    "a history": (from) => signpost.names.history(history, from),
    "the domain's relay nodes": (from) => signpost.relayNodes.own(from),
    networks: (from) => signpost.networks.list(from),
    "the domain's networks": (from) => signpost.networks.own(from),
    "problems of a source": (from) => signpost.source.problems(from),
  };

  for (const [what, list] of Object.entries(lists)) {
    it(`of ${what}`, async () => {
      const all = await everyItem<unknown>(list({ pageSize: 100 }));
      expect(all.length).to.be.at.least(LABELS.length);
      const paged = await byPages(list as (from: From<Place>) => Listing<unknown, Place>);
      expect(paged).to.deep.equal(all);
    });
  }

  it("of relay nodes for everybody", async () => {
    // none was looked at yet, so that none is listed
    const page = await signpost.relayNodes.list({ after: history, pageSize: PAGE_SIZE }).page();
    expect(page).to.deep.equal({ items: [], next: null });
  });

  it("of a history that its owner opens by a signature", async () => {
    const name = `own.${DOMAIN}`;
    const owner = createWalletClient({ url: http.url, wallet });
    await owner.claim(name);
    for (const label of LABELS) await owner.setRecords(name, { texts: { label } });
    const signed = await owner.sign(name, { action: "readHistory" });
    const entries = await byPages<{ entry: { number: number } }, number>((from) =>
      signpost.requests.history(signed, from),
    );
    expect(entries.map(({ entry }) => entry.number)).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it("as often as it is asked for, and apart from a loop", async () => {
    const list = signpost.names.list({ pageSize: PAGE_SIZE });
    const first = await list.page();
    expect(await list.page()).to.deep.equal(first);
    expect((await everyItem(list)).slice(0, PAGE_SIZE)).to.deep.equal(first.items);
  });
});
