/** Domains that are added below others, and removed: who holds a name is asked when it is changed, not before. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { fromHex } from "../../../src/abi/hex.js";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import { isSignpostError } from "../../../src/errors.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { changeName, changeTogether } from "../../../src/registry/changes/changeName.js";
import { handOverAsAdmin } from "../../../src/registry/changes/handOverName.js";
import { apiKeyFrom, newApiKey } from "../../../src/registry/domains/apiKey.js";
import { actionOf, verifySignedRequest } from "../../../src/registry/signed/signedRequest.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { writeAsService } from "../changes/serviceWrites.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { signRequest } from "../signed/signedRequests.js";

const RESOLVER = { chainId: 1n, resolver: bytes(20, 0x4a) };
const handOver = handOverAsAdmin(Date.now);

describe("registry: domains that take names over", () => {
  let registry: TestRegistry;
  let wallet: HDNodeWallet;
  let next = 0;
  /** A new domain's name below DOMAIN, for each test. */
  let late: string;

  before(async () => {
    registry = await openRegistry();
    await registry.stores.domains.connectResolver({ ...RESOLVER, domain: DOMAIN });
  });
  after(() => registry.close());
  beforeEach(() => {
    wallet = Wallet.createRandom();
    late = `late-${next++}.${DOMAIN}`;
  });

  const domains = () => registry.stores.domains;
  const add = (domain: string) =>
    domains().addDomain(
      { ...RESOLVER, domain },
      newApiKey(apiKeyFrom(crypto.getRandomValues(new Uint8Array(32)))),
      handOver,
    );
  const reserve = (domain: string, name: string) =>
    domains().reserve({
      domain,
      name: normalizeName(name),
      wallet: addressFrom(fromHex(wallet.address)),
      untilMs: null,
    });
  const create = (domain: string, name: string) =>
    writeAsService(registry.stores, domain, name, [{ kind: "create" }]);
  const listed = async (domain: string) => {
    const page = { prefix: "", after: "", limit: 1000 };
    const { items } = await registry.stores.names.namesOfDomain(domain, page);
    return items.map(({ name }) => name).filter((name) => name.endsWith(late));
  };
  const reserved = async (domain: string) =>
    (await domains().reservationsOf(domain, "", 1000)).items.map(({ name }) => name);

  async function signed(name: string, domain: string) {
    const wish = { action: "claim", domain, name, sequence: 1, signedFor: RESOLVER } as const;
    const verified = await verifySignedRequest(
      domains(),
      await signRequest(wallet, { ...wish, content: {} }),
    );
    return { domain, name, actions: [await actionOf(verified)], authority: verified.authority };
  }
  const claim = async (name: string, domain: string) =>
    changeName(registry.stores, await signed(name, domain), Date.now);

  it("end what the service above reserved there, which let its wallet have a name of the new one", async () => {
    const name = `ceo.${late}`;
    await reserve(DOMAIN, name);
    expect(await add(late)).to.deep.include({ other: DOMAIN, reservations: 1 });
    expect(await reserved(DOMAIN)).to.not.include(name);
    await expectRejection(claim(name, late), "POLICY_FORBIDS", /its service gives out the names/);
    await expectRejection(reserve(DOMAIN, name), "FORBIDDEN", /does not belong to/);
    await reserve(late, name);
    expect((await claim(name, late)).after?.domain).to.equal(late);
  });

  it("let no reservation count that an earlier build left, in either direction", async () => {
    const name = `ceo.${late}`;
    await add(late);
    const insert = "insert into reservation (name, domain, wallet) values ($1, $2, $3)";
    await registry.pool.query(insert, [name, DOMAIN, fromHex(wallet.address)]);
    expect(await reserved(DOMAIN)).to.not.include(name);
    await expectRejection(claim(name, late), "POLICY_FORBIDS", /its service gives out the names/);
    await domains().takeOver(late, handOver);
    await domains().removeDomain(late, handOver);
    const { rows } = await registry.pool.query("select from reservation where name = $1", [name]);
    expect(rows).to.deep.equal([]);
  });

  it("list, change and delete what was there at once, and nobody else does; the history tells of it", async () => {
    const held = `held.${late}`;
    await reserve(DOMAIN, `direct-${late}`);
    await claim(`direct-${late}`, DOMAIN);
    const names = [late, `a.${late}`, `x.y.${late}`];
    for (const name of names) await create(DOMAIN, name);
    await create(DOMAIN, `beside-${late}`);
    await registry.publish(held, wallet.address, (await profilesOf(wallet, 1))[0]);
    await registry.pool.query("update name set held = true where name = $1", [held]);
    const handed = await add(late);
    expect(handed).to.deep.equal({
      ...{ other: DOMAIN, names: 4, heldNames: 1, heldExamples: [held], reservations: 0 },
    });
    expect(await listed(late)).to.have.members([...names, held]);
    expect(await listed(DOMAIN)).to.have.members([`beside-${late}`, `direct-${late}`]);
    const forbidden = create(DOMAIN, `a.${late}`);
    await expectRejection(forbidden, "FORBIDDEN", /does not belong to/);
    await expectRejection(create(late, held), "HELD_BY_OWNER", /only the owner's signed/);
    await writeAsService(registry.stores, late, `a.${late}`, [{ kind: "delete" }]);
    for (const name of [late, `x.y.${late}`]) {
      const { broken } = await verifyHistory(registry.stores.names, namehash(name));
      expect(broken).to.equal(null);
      const entries = await registry.stores.names.historyOf(namehash(name), 0, 9);
      expect(
        entries.map(({ entry: { operation, authority } }) => [operation, authority.kind]),
      ).to.deep.equal([
        ["create", "service"],
        ["handOver", "admin"],
      ]);
      expect(entries[1]!.entry.change).to.deep.equal({ patch: { domain: late } });
    }
  });

  it("leave to a domain that lies deeper what is its", async () => {
    const deep = `deep.${late}`;
    await add(deep);
    await create(deep, `a.${deep}`);
    await create(DOMAIN, `b.${late}`);
    await reserve(deep, `kept.${deep}`);
    expect(await add(late)).to.deep.include({ other: DOMAIN, names: 1, reservations: 0 });
    expect(await listed(deep)).to.deep.equal([`a.${deep}`]);
    expect(await reserved(deep)).to.deep.equal([`kept.${deep}`]);
    // and the other way round
    expect(await domains().removeDomain(late, handOver)).to.deep.include({
      ...{ other: DOMAIN, names: 1 },
    });
    expect(await listed(deep)).to.deep.equal([`a.${deep}`]);
    expect(await listed(DOMAIN)).to.deep.equal([`b.${late}`]);
  });

  it("give back what they hold when they are removed, but their reservations end", async () => {
    await add(late);
    await create(late, `a.${late}`);
    await reserve(late, `kept.${late}`);
    await expectRejection(domains().removeDomain(late), "INVALID_REQUEST", /has names/);
    expect(await domains().removeDomain(late, handOver)).to.deep.equal({
      ...{ other: DOMAIN, names: 1, heldNames: 0, heldExamples: [], reservations: 1 },
    });
    expect(await listed(DOMAIN)).to.deep.equal([`a.${late}`]);
    expect(await reserved(DOMAIN)).to.not.include(`kept.${late}`);
    await writeAsService(registry.stores, DOMAIN, `a.${late}`, [{ kind: "delete" }]);
    await expectRejection(domains().removeDomain(late, handOver), "NOT_FOUND", /does not exist/);
  });

  it("are not removed with names that no other domain holds", async () => {
    const lonely = `lonely-${next}.xyz`;
    await add(lonely);
    await create(lonely, `a.${lonely}`);
    const removal = domains().removeDomain(lonely, handOver);
    await expectRejection(removal, "INVALID_REQUEST", /has names, which would be lost/);
    expect(await domains().domainHolding(normalizeName(lonely))).to.include({ name: lonely });
  });

  it("take over what an earlier build left to the domain above", async () => {
    await create(DOMAIN, `a.${late}`);
    await add(late);
    await registry.pool.query("update name set domain = $2 where name = $1", [`a.${late}`, DOMAIN]);
    expect(await listed(DOMAIN)).to.deep.equal([]);
    expect(await listed(late)).to.deep.equal([]);
    expect(await domains().takeOver(late, handOver)).to.deep.include({ names: 1 });
    expect(await domains().takeOver(late, handOver)).to.deep.include({ names: 0 });
    expect(await listed(late)).to.deep.equal([`a.${late}`]);
    await expectRejection(domains().takeOver("no.xyz", handOver), "NOT_FOUND", /does not exist/);
  });

  it("win or lose against changes at the same moment, and nothing is in between", async () => {
    await domains().changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    const outcomes = { before: 0, after: 0 };
    for (let round = 0; round < 12; round++) {
      late = `race-${round}.${DOMAIN}`;
      const names = Array.from({ length: 8 }, (_, index) => `n${index}.${late}`);
      // the label above is taken by the wallet itself, the names below it are the service's
      const writes = names.map((name) => create(DOMAIN, name));
      const claims = [claim(late, DOMAIN)];
      const batch = changeTogether(
        registry.stores,
        [`m1.${late}`, `m2.${late}`].map((name) => ({
          ...{ domain: DOMAIN, name, actions: [{ kind: "create" }] as const },
          authority: { kind: "service", keyId: "1" } as const,
        })),
        Date.now,
      );
      const reservations = [reserve(DOMAIN, `r.${late}`)];
      const [handed, ...settled] = await Promise.all([
        add(late),
        ...[...writes, ...claims, batch, ...reservations].map((one) =>
          Promise.resolve(one).then(
            () => "done",
            (error: unknown) => {
              if (!isSignpostError(error, "FORBIDDEN", "POLICY_FORBIDS")) throw error;
              return "refused";
            },
          ),
        ),
      ]);
      const { rows } = await registry.pool.query<{ domain: string }>(
        "select domain from name where name = $1 or right(name, length($1) + 1) = '.' || $1",
        [late],
      );
      expect(rows.map(({ domain }) => domain)).to.deep.equal(rows.map(() => late));
      expect(handed.names).to.equal(rows.length);
      expect(await listed(DOMAIN)).to.deep.equal([]);
      expect(await reserved(DOMAIN)).to.not.include(`r.${late}`);
      outcomes.before += settled.filter((one) => one === "done").length;
      outcomes.after += settled.filter((one) => one === "refused").length;
      await domains().removeDomain(late, handOver);
    }
    expect(outcomes.before + outcomes.after).to.equal(12 * 11);
    await domains().changeDomain(DOMAIN, { policy: { claims: "service" } });
  });

  it("win against a change that looked before and writes after: it holds the name no more", async () => {
    const change = { domain: DOMAIN, name: `a.${late}`, actions: [{ kind: "create" }] as const };
    const authority = { kind: "service", keyId: "1" } as const;
    const stores = {
      ...registry.stores,
      domains: {
        ...domains(),
        domainHolding: async (
          name: Parameters<TestRegistry["stores"]["domains"]["domainHolding"]>[0],
        ) => {
          const found = await domains().domainHolding(name);
          await add(late);
          return found;
        },
      },
    };
    const written = changeName(stores, { ...change, authority }, Date.now);
    await expectRejection(written, "FORBIDDEN", /does not belong to/);
    expect(await registry.stored(`a.${late}`)).to.equal(null);
  });
});
