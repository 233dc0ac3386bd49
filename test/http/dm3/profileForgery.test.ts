/** Every way to bring back an old profile through dm3's API, to undo what an owner signed, or to publish for somebody else. */
import type { SignedUserProfile } from "@dm3-org/dm3-lib-profile";
import { expect } from "chai";
import { namehash } from "../../../src/ens/namehash.js";
import { signedAgain } from "../../registry/openRegistry.js";
import { signRequest } from "../../registry/signed/signedRequests.js";
import { DOMAIN } from "../openTestService.js";
import {
  ADDRESSES,
  ADDRESSES_KEY,
  type Dm3Service,
  NAMES,
  NAMES_KEY,
  openDm3Service,
} from "./openDm3Service.js";
import { agreed, NO_ALIAS, NO_REMOVAL, refused } from "./refusal.js";
import { type StockClient, stockClient } from "./stockClient.js";

describe("http: forged profiles through dm3's API", () => {
  let http: Dm3Service;
  let alice: StockClient;
  let mallory: StockClient;
  let name: string;
  let first: SignedUserProfile;
  let second: SignedUserProfile;
  let count = 0;

  before(async () => {
    http = await openDm3Service();
  });
  after(() => http.stop());
  beforeEach(async () => {
    [alice, mallory] = await Promise.all([stockClient(http), stockClient(http)]);
    name = `alice-${count++}.${NAMES}`;
    first = await alice.profileWith("one.relay.eth");
    second = await alice.profileWith("two.relay.eth");
    await agreed(alice.claimAddress(first));
  });
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const stored = (of: string) => http.service.names.nameOf(namehash(of));
  const asService = async (method: string, path: string, body?: unknown, key = NAMES_KEY) => {
    expect((await http.v1(method, `/names/${path}`, body, key)).status).to.be.within(200, 204);
  };
  const hold = async (of: string, domain: string) => {
    const content = { records: { texts: { avatar: "a" } } };
    const wish = { action: "setRecords", domain, name: of, content, sequence: 1 } as const;
    const answer = await http.v1("POST", "/requests", await signRequest(alice.wallet, wish), null);
    expect(answer.status).to.equal(200);
  };

  describe("no profile comes back", () => {
    it("that was replaced under another name of its wallet, nor does its key delete that name", async () => {
      const bob = await stockClient(http);
      const { address } = bob.wallet;
      const [old, current] = [await bob.profileWith("a.eth"), await bob.profileWith("b.eth")];
      const published = async (signedUserProfile: SignedUserProfile) =>
        asService("PUT", `${name}/profile`, { address, signedUserProfile });
      await published(old);
      await published(current);
      await refused(bob.claimAddress(old), /replaced or deleted before/);
      expect(await stored(bob.addressName)).to.equal(null);
      await agreed(bob.claimAddress(current));
    });

    it("when the suspension of a name ends that followed", async () => {
      await agreed(alice.claimSubdomain(name));
      await asService("PUT", `${name}/suspension`, { reason: "a look" });
      await agreed(alice.claimAddress(second));
      await asService("DELETE", `${name}/suspension`);
      const [own, followed] = [await stored(alice.addressName), await stored(name)];
      expect(followed?.profileFingerprint).to.deep.equal(own?.profileFingerprint);
    });

    it("because its wallet was given more names than anybody looks through", async () => {
      await agreed(alice.claimSubdomain(name));
      const from = mallory.wallet;
      for (let gift = 0; gift < 101; gift++) {
        const given = `gift-${count}-${gift}.${NAMES}`;
        const content = { to: alice.wallet.address };
        const wishes = [
          { action: "claim", domain: NAMES, name: given, sequence: 1 },
          { action: "move", domain: NAMES, name: given, sequence: 2, content },
        ] as const;
        for (const wish of wishes) {
          const body = await signRequest(from, wish);
          expect((await http.v1("POST", "/requests", body, null)).status).to.be.within(200, 201);
        }
      }
      for (const relay of ["three.eth", "four.eth"]) {
        await agreed(alice.claimAddress(await alice.profileWith(relay)));
        const [own, followed] = [await stored(alice.addressName), await stored(name)];
        expect(followed?.profileFingerprint).to.deep.equal(own?.profileFingerprint);
      }
      expect((await alice.getNameForAddress()).body).to.equal(JSON.stringify({ name }));
    });

    it("after its owner deleted the name by a signature", async () => {
      const wish = {
        action: "delete",
        domain: ADDRESSES,
        name: alice.addressName,
        sequence: 1,
      } as const;
      const answer = await http.v1(
        "POST",
        "/requests",
        await signRequest(alice.wallet, wish),
        null,
      );
      expect(answer.status).to.equal(200);
      await refused(alice.claimAddress(second), /gave up/);
      const { address } = alice.wallet;
      const path = `/names/${alice.addressName}/profile`;
      const again = await http.v1(
        "PUT",
        path,
        { address, signedUserProfile: second },
        ADDRESSES_KEY,
      );
      expect(again.body["code"]).to.equal("SUPERSEDED_PROFILE");
    });

    it("that was replaced, neither under the address nor under the name, in whatever signature", async () => {
      await agreed(alice.claimSubdomain(name));
      await agreed(alice.claimAddress(second));
      const before = [await stored(alice.addressName), await stored(name)];
      await refused(alice.claimAddress(first), /replaced or deleted/);
      const wallet = { address: alice.wallet.address, privateKey: keyOf(alice) };
      await refused(
        alice.claimAddress(signedAgain(wallet, first) as SignedUserProfile),
        /replaced/,
      );
      expect([await stored(alice.addressName), await stored(name)]).to.deep.equal(before);
    });

    it("that its service deleted, or whose name it deleted", async () => {
      await asService("DELETE", `${alice.addressName}/profile`, undefined, ADDRESSES_KEY);
      await refused(alice.claimAddress(first), /replaced or deleted/);
      await agreed(alice.claimAddress(second));
      await asService("DELETE", alice.addressName, undefined, ADDRESSES_KEY);
      await refused(alice.claimAddress(second), /replaced or deleted/);
      expect(await stored(alice.addressName)).to.equal(null);
    });

    it("through a name that the service published something newer under", async () => {
      const third = await alice.profileWith("three.relay.eth");
      const profile = { address: alice.wallet.address, signedUserProfile: third };
      await asService("PUT", `${name}/profile`, profile);
      const before = await stored(name);
      await refused(alice.claimSubdomain(name), NO_ALIAS);
      await agreed(alice.claimAddress(second));
      expect(await stored(name)).to.deep.equal(before);
    });
  });

  describe("what an owner signed for stays", () => {
    it("under the address", async () => {
      await hold(alice.addressName, ADDRESSES);
      await refused(alice.claimAddress(second), /held by its owner/);
      expect((await http.get(`/profile/${alice.wallet.address}`)).status).to.equal(200);
    });

    it("under the name, which follows no more and is not given up", async () => {
      await agreed(alice.claimSubdomain(name));
      await hold(name, NAMES);
      const before = await stored(name);
      await agreed(alice.claimAddress(second));
      await refused(alice.removeAlias(name), NO_REMOVAL);
      expect(await stored(name)).to.deep.equal(before);
    });
  });

  describe("no profile of somebody else is published", () => {
    it("whatever part of it is another", async () => {
      const other = await mallory.profileWith("one.relay.eth");
      const { profile, signature } = second;
      const forged: SignedUserProfile[] = [
        other,
        { profile, signature: other.signature },
        {
          profile,
          signature: `${signature.slice(0, 20)}${flipped(signature[20])}${signature.slice(21)}`,
        },
        { profile: { ...profile, deliveryServices: ["evil.relay.eth"] }, signature },
        { profile: { ...profile, publicSigningKey: other.profile.publicSigningKey }, signature },
        {
          profile: { ...profile, publicEncryptionKey: other.profile.publicEncryptionKey },
          signature,
        },
      ];
      const before = await stored(alice.addressName);
      for (const one of forged) await refused(alice.claimAddress(one), "invalid profile");
      await refused(mallory.claimAddress(second), "invalid profile");
      expect(await stored(alice.addressName)).to.deep.equal(before);
    });

    it("nor under a domain that these paths are not about", async () => {
      for (const subdomain of [
        NAMES,
        DOMAIN,
        "eth",
        `x.${ADDRESSES}`,
        ADDRESSES.toUpperCase(),
        `.${ADDRESSES}`,
      ]) {
        await refused(
          alice.claimAddress(second, subdomain),
          `subdomain ${subdomain} is not supported`,
        );
      }
    });
  });
});

function flipped(digit: string | undefined): string {
  return digit === "0" ? "1" : "0";
}

function keyOf({ wallet }: StockClient): string {
  return (wallet as typeof wallet & { privateKey: string }).privateKey;
}
