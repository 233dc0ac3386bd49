/** Names that are one name to dm3's clients never come to belong to two wallets, whichever way they come. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { fromHex } from "../../../src/abi/hex.js";
import { OWNED_TWINS } from "../../../src/db/twins.js";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import { isSignpostError, SignpostError } from "../../../src/errors.js";
import {
  changeEach,
  changeName,
  changeTogether,
} from "../../../src/registry/changes/changeName.js";
import { moveAction, profileAction } from "../../../src/registry/names/verifiedActions.js";
import { actionOf, verifySignedRequest } from "../../../src/registry/signed/signedRequest.js";
import { expectRejection } from "../../expectError.js";
import { writeAsService } from "../changes/serviceWrites.js";
import {
  DOMAIN,
  openRegistry,
  OTHER_DOMAIN,
  profilesOf,
  type TestRegistry,
} from "../openRegistry.js";
import { REGISTRY_RESOLVER, signRequest } from "../signed/signedRequests.js";

describe("registry: names that are one name to dm3's clients", () => {
  let registry: TestRegistry;
  let alice: HDNodeWallet;
  let bob: HDNodeWallet;
  let next = 0;
  /** Three spellings of one name, other ones for each test. */
  let [sharp, plain, mixed] = ["", "", ""];

  before(async () => {
    registry = await openRegistry();
    await registry.stores.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    [alice, bob] = [Wallet.createRandom(), Wallet.createRandom()];
  });
  after(() => registry.close());
  beforeEach(() => {
    next++;
    sharp = `straße${next}größe.${DOMAIN}`;
    plain = `strasse${next}grösse.${DOMAIN}`;
    mixed = `straße${next}grösse.${DOMAIN}`;
  });

  const addressOf = ({ address }: HDNodeWallet) => addressFrom(fromHex(address));
  const publish = async (name: string, wallet: HDNodeWallet, domain = DOMAIN) =>
    registry.publish(name, wallet.address, (await profilesOf(wallet, 1))[0], domain);
  async function signedClaim(name: string, wallet: HDNodeWallet) {
    const wish = { action: "claim", domain: DOMAIN, name, sequence: 1 } as const;
    const verified = await verifySignedRequest(
      registry.stores.domains,
      await signRequest(wallet, { ...wish, signedFor: REGISTRY_RESOLVER }),
    );
    const actions = [await actionOf(verified)];
    return { domain: DOMAIN, name, actions, authority: verified.authority };
  }
  const claim = async (name: string, wallet: HDNodeWallet) =>
    changeName(registry.stores, await signedClaim(name, wallet), Date.now);
  const reserve = (name: string, wallet: HDNodeWallet | null) =>
    registry.stores.domains.reserve({
      ...{ domain: DOMAIN, name: normalizeName(name), untilMs: null },
      wallet: wallet && addressOf(wallet),
    });

  it("are refused to another wallet, by its claim and by the service, in every spelling", async () => {
    await publish(sharp, alice);
    for (const name of [plain, mixed]) {
      const error = await expectRejection(claim(name, bob), "NAME_TAKEN", /To dm3's clients/);
      expect(error.details).to.deep.equal({
        name,
        twin: sharp,
        owner: alice.address.toLowerCase(),
      });
      await expectRejection(publish(name, bob), "NAME_TAKEN", /To dm3's clients/);
    }
    await publish(plain, alice);
    await claim(mixed, alice);
  });

  it("are refused in the other direction as well, and to none that goes on under what it has", async () => {
    await claim(plain, alice);
    await expectRejection(claim(sharp, bob), "NAME_TAKEN", /To dm3's clients/);
    // as it came there before there was this rule
    const row = "insert into name (node, name, domain, addresses) values ($1, $2, $3, $4)";
    const addresses = { "60": bob.address.toLowerCase() };
    await registry.pool.query(row, [namehash(sharp), sharp, DOMAIN, addresses]);
    await publish(sharp, bob);
    await claim(sharp, bob);
    expect(await registry.stores.names.divergentTwins(9)).to.deep.equal([
      { domain: DOMAIN, names: [sharp, plain], owners: [addressOf(bob), addressOf(alice)] },
    ]);
    await expectRejection(claim(mixed, bob), "NAME_TAKEN", /To dm3's clients/);
  });

  it("may be the service's own, until a wallet has one of them", async () => {
    for (const name of [sharp, plain]) {
      await writeAsService(registry.stores, DOMAIN, name, [{ kind: "create" }]);
    }
    await publish(sharp, alice);
    await expectRejection(publish(plain, bob), "NAME_TAKEN", /To dm3's clients/);
    await publish(plain, alice);
  });

  it("do not move apart", async () => {
    await claim(sharp, alice);
    await publish(plain, alice);
    const { authority } = await signedClaim(sharp, alice);
    const signed = { ...authority, request: { ...authority.request, sequence: 2 } };
    const actions = [moveAction(addressOf(bob))];
    const change = { domain: DOMAIN, name: sharp, actions, authority: signed };
    const moved = changeName(registry.stores, change, Date.now);
    await expectRejection(moved, "NAME_TAKEN", /To dm3's clients/);
  });

  it("are two under two domains", async () => {
    await claim(sharp, alice);
    await publish(plain.replace(DOMAIN, OTHER_DOMAIN), bob, OTHER_DOMAIN);
  });

  it("are reserved for one wallet, and then kept from others in every spelling", async () => {
    await reserve(sharp, alice);
    await expectRejection(reserve(plain, bob), "NAME_RESERVED", /To dm3's clients/);
    await expectRejection(claim(plain, bob), "NAME_RESERVED", /To dm3's clients/);
    await expectRejection(publish(mixed, bob), "NAME_RESERVED", /To dm3's clients/);
    // the service may keep the others from everybody: hers is hers
    await reserve(plain, null);
    await claim(sharp, alice);
    await registry.stores.domains.removeReservation(DOMAIN, normalizeName(sharp));
    await expectRejection(reserve(plain, bob), "NAME_TAKEN", /To dm3's clients/);
  });

  it("are kept from wallets where the label of one is reserved", async () => {
    const [label = ""] = plain.split(".");
    await registry.stores.domains.changeDomain(DOMAIN, { policy: { reservedLabels: [label] } });
    await expectRejection(claim(sharp, bob), "NAME_RESERVED", /is reserved/);
    await registry.stores.domains.changeDomain(DOMAIN, { policy: { reservedLabels: [] } });
  });

  it("go to one of many that want them at the same moment, and the others find them taken", async () => {
    for (let round = 0; round < 5; round++) {
      const spellings = [sharp, plain, `strasse${next}größe.${DOMAIN}`].map((name) =>
        name.replace("stra", `stra${"x".repeat(round)}`),
      );
      const wallets = spellings.map(() => Wallet.createRandom());
      const changes = await Promise.all(
        spellings.map((name, index) => signedClaim(name, wallets[index]!)),
      );
      const settled = await Promise.allSettled([
        ...changes.map((one) => changeName(registry.stores, one, Date.now)),
        reserve(mixed.replace("stra", `stra${"x".repeat(round)}`), alice),
      ]);
      for (const one of settled) {
        if (one.status === "fulfilled") continue;
        expect(
          isSignpostError(one.reason, "NAME_TAKEN", "NAME_RESERVED"),
          String(one.reason),
        ).to.equal(true);
      }
      expect(settled.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    }
  });

  it("are refused to another wallet within one batch as well, whichever comes first", async () => {
    const profiles = new Map<HDNodeWallet, unknown>();
    for (const wallet of [alice, bob]) profiles.set(wallet, (await profilesOf(wallet, 1))[0]);
    const write = (name: string, wallet: HDNodeWallet) => ({
      ...{ domain: DOMAIN, name, authority: { kind: "service", keyId: "1" } as const },
      actions: [profileAction(addressOf(wallet), profiles.get(wallet))],
    });
    const both = [write(sharp, alice), write(plain, bob)];
    const together = changeTogether(registry.stores, both, Date.now);
    await expectRejection(together, "NAME_TAKEN", /To dm3's clients/);
    const each = await changeEach(registry.stores, both, Date.now, () => Promise.resolve());
    expect(each.filter((one) => isSignpostError(one, "NAME_TAKEN"))).to.have.length(1);
    const owner = each[0] instanceof SignpostError ? bob : alice;
    const hers = [sharp, plain, mixed].map((name) => write(name, owner));
    await changeTogether(registry.stores, hers, Date.now);
  });

  it("do not stop two batches that have them in opposite orders", async () => {
    const profileOfBob = (await profilesOf(bob, 1))[0];
    const profileOfAlice = (await profilesOf(alice, 1))[0];
    const labels = Array.from({ length: 120 }, (_, index) => `fuß${next}-${index}`);
    const names = (spelled: (label: string) => string) =>
      labels.map((label) => `${spelled(label)}.${DOMAIN}`);
    const batch = (all: string[], wallet: HDNodeWallet, profile: unknown) =>
      changeEach(
        registry.stores,
        all.map((name) => ({
          ...{ domain: DOMAIN, name, actions: [profileAction(addressOf(wallet), profile)] },
          authority: { kind: "service", keyId: "1" } as const,
        })),
        Date.now,
        () => Promise.resolve(),
      );
    const [first, second] = await Promise.all([
      batch(
        names((label) => label),
        alice,
        profileOfAlice,
      ),
      batch(names((label) => label.replace("ß", "ss")).reverse(), bob, profileOfBob),
    ]);
    for (const [index, one] of first.entries()) {
      const both = [one, second[second.length - 1 - index]];
      expect(both.filter((each) => !(each instanceof SignpostError))).to.have.length(1);
    }
  });

  it("are found by an index, and leave no lock behind", async () => {
    const connection = await registry.pool.connect();
    await connection.query("set enable_seqscan = off");
    const { rows } = await connection.query<{ "QUERY PLAN": string }>(
      `explain ${OWNED_TWINS.text}`,
      [[sharp], [plain], [DOMAIN]],
    );
    connection.release(true);
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).to.include("name_dm3_form");
    await claim(sharp, alice);
    const heads = "select from name_head where node = $1";
    expect((await registry.pool.query(heads, [namehash(plain)])).rows).to.deep.equal([]);
  });
});
