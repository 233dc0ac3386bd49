/** A profile that was replaced or deleted under a name never comes back there, whoever kept a copy. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { fromHex } from "../../../src/abi/hex.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY } from "../../../src/dm3/profile/profileRecord.js";
import { stringify } from "../../../src/dm3/stringify.js";
import { isSignpostError } from "../../../src/errors.js";
import { expectRejection } from "../../expectError.js";
import {
  DOMAIN,
  malleated,
  openRegistry,
  OTHER_DOMAIN,
  profilesOf,
  signedAgain,
  type TestRegistry,
} from "../openRegistry.js";
import { deleteProfile, setRecords } from "./serviceWrites.js";

const ALICE = `alice.${DOMAIN}`;

describe("registry: no rollback", () => {
  let registry: TestRegistry;
  let wallet: HDNodeWallet;
  let old: SignedUserProfile;
  let current: SignedUserProfile;

  before(async () => {
    registry = await openRegistry();
    wallet = Wallet.createRandom();
    [old, current] = (await profilesOf(wallet, 2)) as [SignedUserProfile, SignedUserProfile];
  });
  after(() => registry.close());
  beforeEach(() => registry.pool.query("truncate name, retired_profile"));

  const publish = (signed: SignedUserProfile, name = ALICE) =>
    registry.publish(name, wallet.address, signed);
  const remove = () => deleteProfile(registry.stores, DOMAIN, ALICE);
  const served = async (name = ALICE) =>
    (await registry.stored(name))?.texts.get(DM3_PROFILE_KEY)?.replace(/^[^{]*/, "");

  it("refuses a replaced profile, and goes on serving its successor", async () => {
    await publish(old);
    await publish(current);
    for (const again of [old, signedAgain(wallet, old)]) {
      await expectRejection(
        publish(again),
        "SUPERSEDED_PROFILE",
        /cannot be published under alice/,
      );
    }
    expect(await served()).to.equal(stringify(current));
  });

  it("refuses a deleted profile", async () => {
    await publish(old);
    await remove();
    await expectRejection(publish(old), "SUPERSEDED_PROFILE", /replaced or deleted/);
    expect(await served()).to.equal(undefined);
    expect(await publish(current)).to.equal("created");
    await remove();
    for (const again of [old, current]) {
      await expectRejection(publish(again), "SUPERSEDED_PROFILE", /Sign another profile/);
    }
  });

  it("sees through every other spelling of the same signed profile", async () => {
    await publish(old);
    await publish(current);
    const { profile, signature } = old;
    const again = signedAgain(wallet, old);
    expect(again.signature).not.to.equal(signature);
    const lowV = signature.slice(0, -2) + (signature.endsWith("1b") ? "00" : "01");
    const reordered = Object.fromEntries(Object.entries(profile).reverse());
    const spellings: Record<string, unknown> = {
      "signed again": again,
      "v as 0 or 1": { profile, signature: lowV },
      "upper-case hex": { profile, signature: `0x${signature.slice(2).toUpperCase()}` },
      "fields in another order": { signature, profile: reordered },
    };
    for (const [spelling, signed] of Object.entries(spellings)) {
      const action = registry.publish(ALICE, wallet.address, signed);
      await expectRejection(action, "SUPERSEDED_PROFILE", /replaced or deleted before/).catch(
        (error: unknown) => {
          throw new Error(spelling, { cause: error });
        },
      );
    }
    await expectRejection(publish(malleated(old)), "INVALID_PROFILE", /high s value/);
    expect(await served()).to.equal(stringify(current));
  });

  it("takes the served profile in another spelling for what it is: unchanged", async () => {
    await publish(current);
    expect(await publish(signedAgain(wallet, current))).to.equal("unchanged");
    expect(await served()).to.equal(stringify(current));
  });

  it("keeps a retired profile out of its own name only", async () => {
    await publish(old);
    await publish(current);
    expect(await publish(old, `al.${DOMAIN}`)).to.equal("created");
    const elsewhere = `alice.${OTHER_DOMAIN}`;
    expect(await registry.publish(elsewhere, wallet.address, old, OTHER_DOMAIN)).to.equal(
      "created",
    );
  });

  it("remembers also when the row of the name is gone", async () => {
    await publish(old);
    await publish(current);
    await registry.pool.query("delete from name");
    await expectRejection(publish(old), "SUPERSEDED_PROFILE", /replaced or deleted before/);
  });

  it("20 parallel publishes of two profiles: one replaced the other, once and for good", async () => {
    for (let round = 0; round < 5; round++) {
      await registry.pool.query("truncate name, retired_profile");
      const offered = Array.from({ length: 20 }, (_, index) => (index % 2 ? old : current));
      const outcomes = await Promise.all(
        offered.map((signed) =>
          publish(signed).then(
            (outcome) => ({ signed, outcome }),
            (error: unknown) => {
              if (!isSignpostError(error, "SUPERSEDED_PROFILE")) throw error;
              return { signed, outcome: error.code };
            },
          ),
        ),
      );
      const [created, ...createdToo] = outcomes.filter(({ outcome }) => outcome === "created");
      const [replaced, ...replacedToo] = outcomes.filter(({ outcome }) => outcome === "replaced");
      expect([createdToo, replacedToo]).to.deep.equal([[], []]);
      expect(created!.signed).not.to.equal(replaced!.signed);
      const refused = outcomes.filter(({ outcome }) => outcome === "SUPERSEDED_PROFILE");
      for (const { signed } of refused) expect(signed).to.equal(created!.signed);
      expect(await served()).to.equal(stringify(replaced!.signed));
      await expectRejection(
        publish(created!.signed),
        "SUPERSEDED_PROFILE",
        /replaced or deleted before/,
      );
    }
  });

  it("publishes and deletions at once: a deletion that succeeded is final", async () => {
    for (let round = 0; round < 5; round++) {
      await registry.pool.query("truncate name, retired_profile");
      const settled = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => (index % 2 ? remove() : publish(old))),
      );
      const deletions = settled.filter(
        ({ status }, index) => index % 2 && status === "fulfilled",
      ).length;
      expect(deletions).to.be.at.most(1);
      expect(await served()).to.equal(deletions === 1 ? undefined : stringify(old));
      if (deletions === 0) await remove();
      await expectRejection(publish(old), "SUPERSEDED_PROFILE", /replaced or deleted before/);
    }
  });

  it("other writers at the same moment lose nothing: neither records nor profile", async () => {
    const write = (index: number) =>
      setRecords(registry.stores, {
        domain: DOMAIN,
        name: ALICE,
        records: index % 2 ? { texts: { avatar: "a" } } : { addresses: { "0": "0x00" } },
      });
    await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => write(index)),
      publish(current),
      ...Array.from({ length: 10 }, (_, index) => write(index)),
    ]);
    const stored = await registry.stored(ALICE);
    expect(stored!.texts).to.have.all.keys("avatar", DM3_PROFILE_KEY);
    expect([...stored!.addresses.keys()].sort()).to.deep.equal([0n, 60n]);
    expect(stored!.addresses.get(60n)).to.deep.equal(fromHex(wallet.address));
  });

  it("two wallets race for one free name: one has it, the others are told whose it is", async () => {
    const wallets = Array.from({ length: 8 }, () => Wallet.createRandom());
    const profiles = await Promise.all(wallets.map((rival) => profilesOf(rival, 1)));
    const settled = await Promise.allSettled(
      wallets.map(({ address }, index) => registry.publish(ALICE, address, profiles[index]![0])),
    );
    const winners = wallets.filter((_, index) => settled[index]!.status === "fulfilled");
    expect(winners).to.have.length(1);
    for (const outcome of settled) {
      if (outcome.status === "rejected")
        await expectRejection(Promise.reject(outcome.reason as Error), "NAME_TAKEN", /is owned by/);
    }
    const owner = (await registry.stored(ALICE))!.addresses.get(60n);
    expect(owner).to.deep.equal(fromHex(winners[0]!.address));
  });
});
