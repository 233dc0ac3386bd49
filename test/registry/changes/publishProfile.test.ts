import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { relayNodeProfile, signUp } from "../../../src/demo/people.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY } from "../../../src/dm3/profile/profileRecord.js";
import { stringify } from "../../../src/dm3/stringify.js";
import type { ErrorCode } from "../../../src/errors.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, malleated, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { deleteProfile, setRecords } from "./serviceWrites.js";

const ALICE = `alice.${DOMAIN}`;

describe("registry/publishProfile", () => {
  let registry: TestRegistry;
  let wallet: HDNodeWallet;
  let first: SignedUserProfile;
  let second: SignedUserProfile;

  before(async () => {
    wallet = Wallet.createRandom();
    [first, second] = (await profilesOf(wallet, 2)) as [SignedUserProfile, SignedUserProfile];
  });
  beforeEach(async () => {
    registry = await openRegistry();
  });
  afterEach(() => registry.close());

  it("tells created, unchanged and replaced apart, and serves what was signed", async () => {
    expect(await registry.publish(ALICE, wallet.address, first)).to.equal("created");
    expect(await registry.publish(ALICE, wallet.address, first)).to.equal("unchanged");
    expect(await registry.publish(ALICE, wallet.address, second)).to.equal("replaced");
    const stored = await registry.stored(ALICE);
    expect(stored).to.include({ name: ALICE, domain: DOMAIN });
    expect(stored!.addresses).to.deep.equal(new Map([[60n, fromHex(wallet.address)]]));
    const record = `data:application/json,${stringify(second)}`;
    expect(stored!.texts).to.deep.equal(new Map([[DM3_PROFILE_KEY, record]]));
  });

  it("is created again after a deletion that left the name its address and its other records", async () => {
    await registry.publish(ALICE, wallet.address, first);
    const records = { texts: { avatar: "https://example.com/a.png" } };
    await setRecords(registry.stores, { domain: DOMAIN, name: ALICE, records });
    await deleteProfile(registry.stores, DOMAIN, ALICE);
    const stored = await registry.stored(ALICE);
    expect(stored!.texts).to.deep.equal(new Map(Object.entries(records.texts)));
    expect(stored!.addresses.get(60n)).to.deep.equal(fromHex(wallet.address));
    expect(stored!.profileFingerprint).to.equal(null);
    expect(await registry.publish(ALICE, wallet.address, second)).to.equal("created");
    expect((await registry.stored(ALICE))!.texts).to.have.all.keys("avatar", DM3_PROFILE_KEY);
  });

  it("has nothing to delete where there is no profile", async () => {
    const remove = () => deleteProfile(registry.stores, DOMAIN, ALICE);
    await expectRejection(remove(), "NOT_FOUND", /alice\.users\.example\.eth has no profile/);
    await registry.publish(ALICE, wallet.address, first);
    await remove();
    await expectRejection(remove(), "NOT_FOUND", /has no profile to delete/);
  });

  it("publishes one wallet under several names, and under the domain itself", async () => {
    for (const name of [ALICE, `al.${DOMAIN}`, `deep.below.${DOMAIN}`, DOMAIN]) {
      expect(await registry.publish(name, wallet.address, first), name).to.equal("created");
      expect((await registry.stored(name))!.texts.get(DM3_PROFILE_KEY)).to.be.a("string");
    }
  });

  it("gives nobody the name of another wallet, with whatever valid profile", async () => {
    await registry.publish(ALICE, wallet.address, first);
    const mallory = await signUp([`relay.${DOMAIN}`]);
    const take = () => registry.publish(ALICE, mallory.address, mallory.signedUserProfile);
    await expectRejection(take(), "NAME_TAKEN", new RegExp(`owned by ${wallet.address}`));
    await deleteProfile(registry.stores, DOMAIN, ALICE);
    await expectRejection(take(), "NAME_TAKEN", /That wallet has to sign/);
    expect((await registry.stored(ALICE))!.addresses.get(60n)).to.deep.equal(
      fromHex(wallet.address),
    );
  });

  it("refuses a profile of which any single field was changed after signing", async () => {
    const { profile, signature } = first;
    const other = relayNodeProfile("https://relay.example");
    const flip = (at: number) => {
      const flipped = fromHex(signature);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      return toHex(flipped);
    };
    const v = signature.endsWith("1b") ? "1c" : "1b";
    const changed: Record<string, unknown> = {
      publicEncryptionKey: {
        profile: { ...profile, publicEncryptionKey: other.publicEncryptionKey },
        signature,
      },
      publicSigningKey: {
        profile: { ...profile, publicSigningKey: other.publicSigningKey },
        signature,
      },
      "another relay node": {
        profile: { ...profile, deliveryServices: ["relay.mallory.eth"] },
        signature,
      },
      "one relay node more": {
        profile: { ...profile, deliveryServices: [...profile.deliveryServices, "b.eth"] },
        signature,
      },
      r: { profile, signature: flip(31) },
      s: { profile, signature: flip(63) },
      v: { profile, signature: signature.slice(0, -2) + v },
      "the signature of another profile": { profile, signature: second.signature },
    };
    for (const [field, signed] of Object.entries(changed)) {
      const action = registry.publish(ALICE, wallet.address, signed);
      await expectRejection(action, "WRONG_SIGNER", /Sign /).catch((error: unknown) => {
        throw new Error(`changed: ${field}`, { cause: error });
      });
    }
    expect(await registry.stored(ALICE)).to.equal(null);
  });

  it("refuses the relay nodes in another order than the signed one", async () => {
    const { signedUserProfile } = await signUp(["a.eth", "b.eth"], wallet);
    const { profile, signature } = signedUserProfile;
    const swapped = { ...profile, deliveryServices: ["b.eth", "a.eth"] };
    const action = registry.publish(ALICE, wallet.address, { profile: swapped, signature });
    await expectRejection(action, "WRONG_SIGNER", /was changed afterwards/);
  });

  it("refuses another address, and another wallet's signature over the same profile", async () => {
    const mallory = Wallet.createRandom();
    await expectRejection(
      registry.publish(ALICE, mallory.address, first),
      "WRONG_SIGNER",
      new RegExp(`not signed by the wallet ${mallory.address}`),
    );
    const [byMallory] = await profilesOf(mallory, 1);
    await expectRejection(
      registry.publish(ALICE, wallet.address, {
        profile: first.profile,
        signature: byMallory!.signature,
      }),
      "WRONG_SIGNER",
      new RegExp(`not signed by the wallet ${wallet.address}`),
    );
    expect(await registry.stored(ALICE)).to.equal(null);
  });

  it("refuses what is no signed profile", async () => {
    const { profile, signature } = first;
    const rejected: [unknown, ErrorCode, RegExp][] = [
      [undefined, "INVALID_PROFILE", /must be a JSON object/],
      [null, "INVALID_PROFILE", /must be a JSON object/],
      [[first], "INVALID_PROFILE", /must be a JSON object/],
      ["data:application/json,{}", "INVALID_PROFILE", /must be a JSON object/],
      [{ signature }, "INVALID_PROFILE", /profile/],
      [{ profile }, "INVALID_PROFILE", /signature .*is missing/],
      [{ ...first, mutableProfileExtensionUrl: "" }, "INVALID_PROFILE", /unknown field/],
      [{ profile: { ...profile, url: "https://x" }, signature }, "INVALID_PROFILE", /profile\.url/],
      [
        { profile: { ...profile, publicSigningKey: btoa("x".repeat(31)) }, signature },
        "INVALID_PROFILE",
        /publicSigningKey .*32 bytes/,
      ],
      [
        { profile: { ...profile, deliveryServices: [] }, signature },
        "INVALID_PROFILE",
        /at least one relay node/,
      ],
      [
        { profile: { ...profile, deliveryServices: ["Relay.eth"] }, signature },
        "INVALID_PROFILE",
        /normal form/,
      ],
      [{ profile, signature: signature.slice(0, -2) }, "INVALID_PROFILE", /65 bytes/],
      [malleated(first), "INVALID_PROFILE", /high s value/],
    ];
    for (const [signed, code, sentence] of rejected) {
      await expectRejection(registry.publish(ALICE, wallet.address, signed), code, sentence);
    }
    expect(await registry.stored(ALICE)).to.equal(null);
  });
});
