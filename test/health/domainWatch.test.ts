/** What a gateway finds out of its domains in ENS: on a real EVM behind a real port, with a real Postgres. */
import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { recordSource } from "../../src/db/recordSource.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { deployLocalEns, type LocalEns } from "../../src/demo/localEns.js";
import { parseAddress } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import type { SignpostError } from "../../src/errors.js";
import {
  type DomainWatch,
  type DomainWatchParts,
  startDomainWatch,
} from "../../src/health/domainWatch.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { newAddress } from "../cli/resolver/adminWorld.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { putName } from "../db/putName.js";
import { sampleName } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import { type Handler, type LoopbackServer, serve } from "../lookup/loopbackServer.js";
import { passingTo } from "./passingTo.js";

const DOMAIN = "users.example.eth";
const PATIENCE_MS = 15_000;
const YEAR_SEC = 365 * 86_400;
const HANGING = { chainId: 99n };

describe("health/domainWatch", function () {
  this.timeout(180_000);
  let chain: LocalChain;
  let ens: LocalEns;
  let node: LoopbackServer;
  let passOn: Handler;
  let database: MigratedPool;
  let watch: DomainWatch | undefined;
  let failures: SignpostError[];
  const resolver = newAddress();

  before(async () => {
    chain = await startLocalChain();
    passOn = passingTo(chain.rpcUrl);
    node = await serve(passOn);
  });
  beforeEach(async () => {
    ens = await deployLocalEns(chain.admin);
    await ens.setResolver(DOMAIN, resolver);
    database = await openMigratedPool();
    failures = [];
    node.handler = passOn;
    node.requests.length = 0;
  });
  afterEach(async () => {
    watch?.stop();
    watch = undefined;
    await database.close();
    expect(failures).to.deep.equal([]);
  });
  after(async () => {
    await node.close();
    await chain.stop();
  });

  const serveDomain = (domain: string, { chainId }: { readonly chainId: bigint } = chain) =>
    addDomain(
      domainStore(database.pool),
      { domain, chainId, resolver: parseAddress(resolver) },
      apiKeyFrom(randomBytes(32)),
    );
  async function publish(...labels: string[]) {
    for (const label of labels) await publishAt(label, DOMAIN);
  }
  async function publishAt(label: string, domain: string) {
    const name = `${label}.${domain}`;
    const row = { ...sampleName(label), domain, name, node: namehash(name) };
    await putName(nameStore(database.pool), row);
  }
  const start = (change: Partial<DomainWatchParts> = {}): DomainWatch =>
    (watch = startDomainWatch({
      records: recordSource(database.pool),
      names: nameStore(database.pool),
      rpcUrls: new Map([[chain.chainId, node.url]]),
      reportFailure: (error) => failures.push(error),
      ensOn: () => ({
        ensRegistry: parseAddress(ens.registry),
        universalResolver: parseAddress(ens.universalResolver),
      }),
      roundMs: 50,
      ...change,
    }));
  const seen = (isSo: (state: ReturnType<DomainWatch["state"]>) => boolean) =>
    until(() => Promise.resolve(isSo(watch!.state())), PATIENCE_MS).catch((cause: unknown) => {
      throw new Error(JSON.stringify(watch!.state()), { cause });
    });
  const chainId = () => chain.chainId.toString();

  it("knows when the .eth name above a domain ends, and that a name of DNS has no end", async () => {
    await serveDomain(DOMAIN);
    await serveDomain("users.example.com");
    start();
    await seen(({ expiries }) => expiries.length === 2);
    const [ofDns, ofEth] = watch!.state().expiries;
    const dns = { domain: "users.example.com", chainId: chainId(), expirySec: null, isKnown: true };
    expect(ofDns).to.deep.equal(dns);
    expect(ofEth).to.include({ domain: DOMAIN, isKnown: true });
    const block = await chain.provider.getBlock("latest");
    expect(ofEth!.expirySec! - block!.timestamp).to.be.within(YEAR_SEC - 120, YEAR_SEC);
  });

  it("knows when the name above an alias ends as well", async () => {
    await serveDomain(DOMAIN);
    const alias = "users.alias.com";
    await domainStore(database.pool).addAlias({ alias, domain: DOMAIN });
    start();
    await seen(({ expiries }) => expiries.length === 2);
    const known = { domain: alias, chainId: chainId(), expirySec: null, isKnown: true };
    expect(watch!.state().expiries[0]).to.deep.equal(known);
    await seen(({ hiddenNames }) => hiddenNames.length > 0);
    expect(watch!.state().hiddenNames.map(({ domain }) => domain)).to.deep.equal([DOMAIN]);
  });

  it("says that it could not find out: neither expired nor silent", async () => {
    await serveDomain(DOMAIN);
    node.handler = (_request, response) => response.writeHead(503).end();
    start();
    await seen(({ expiries }) => expiries.length === 1);
    expect(watch!.state().expiries).to.deep.equal([
      { domain: DOMAIN, chainId: chainId(), expirySec: null, isKnown: false },
    ]);
    expect(watch!.state().hiddenNames).to.deep.equal([]);
  });

  it("says nothing of domains on chains without a node, and where ENS is not known", async () => {
    await serveDomain(DOMAIN);
    start({ rpcUrls: new Map() });
    await watch!.firstRound;
    expect(watch!.state()).to.deep.equal({ expiries: [], hiddenNames: [] });
    watch!.stop();
    start({ ensOn: () => null });
    await watch!.firstRound;
    expect(watch!.state()).to.deep.equal({ expiries: [], hiddenNames: [] });
    expect(node.requests).to.deep.equal([]);
  });

  it("finds hidden names among many, warns of them, and sees when they are well or gone again", async () => {
    await serveDomain(DOMAIN);
    await publish(...Array.from({ length: 45 }, (_, index) => `user${index}`));
    await ens.setResolver(`user7.${DOMAIN}`, newAddress());
    await ens.setResolver(`user41.${DOMAIN}`, newAddress());
    start();
    await seen(({ hiddenNames }) => hiddenNames[0]?.count === 2);
    const [warning = ""] = watch!.report().warnings;
    expect(warning).to.match(/^Of the names .* below users\.example\.eth, 2 are hidden by/);
    expect(warning).to.match(/user41\.users\.example\.eth \(0x\w{40}\), user7\.users/);
    await ens.setResolver(`user7.${DOMAIN}`, resolver);
    await nameStore(database.pool).changeNames(
      [{ node: namehash(`user41.${DOMAIN}`) }],
      (known) => ({
        after: null,
        retired: [],
        signatureState: known.signatureState,
        entries: [],
        end: known.end!,
      }),
    );
    await seen(({ hiddenNames }) => hiddenNames[0]?.count === 0);
    expect(watch!.report().warnings).to.deep.equal([]);
  });

  it("lets no domain wait for the names of a large one, nor for those that are written all the time", async () => {
    const other = "small.example.eth";
    await ens.setResolver(other, resolver);
    await serveDomain(other);
    await serveDomain("large.example.eth");
    for (let index = 0; index < 70; index++) await publishAt(`a${index}`, "large.example.eth");
    await publishAt("zoe", other);
    await ens.setResolver(`zoe.${other}`, newAddress());
    start({ roundMs: 300 });
    for (let index = 0; index < 1000; index++) {
      watch!.noteWritten(`written${index}.large.example.eth`);
    }
    await seen(({ hiddenNames }) => hiddenNames.some(({ domain }) => domain === other));
  });

  it("asks a chain that hangs about one domain in a round, so that others are told of soon", async () => {
    for (let index = 0; index < 6; index++) await serveDomain(`a${index}.example.eth`, HANGING);
    await serveDomain(DOMAIN);
    const hanging = await serve(() => undefined);
    const urls = [
      [chain.chainId, node.url],
      [HANGING.chainId, hanging.url],
    ] as const;
    start({ rpcUrls: new Map(urls) });
    await seen(({ expiries }) => expiries.some(({ isKnown }) => isKnown));
    await hanging.close();
  });

  it("looks at a name that was written just now before all others", async () => {
    await serveDomain(DOMAIN);
    await publish(...Array.from({ length: 60 }, (_, index) => `a${index}`), "zoe");
    await ens.setResolver(`zoe.${DOMAIN}`, newAddress());
    start({ roundMs: 60_000 });
    watch!.noteWritten(`zoe.${DOMAIN}`);
    await watch!.firstRound;
    expect(watch!.state().hiddenNames).to.deep.equal([
      { domain: DOMAIN, chainId: chainId(), count: 1 },
    ]);
  });
});
