/** Every way to have a name through dm3's API that is somebody else's, or to bring one back; and to take one away. */
import { sign } from "@dm3-org/dm3-lib-crypto";
import { getProfileCreationMessage, type SignedUserProfile } from "@dm3-org/dm3-lib-profile";
import { stringify } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import { namehash } from "../../../src/ens/namehash.js";
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
import { agreed, NO_ADDRESS, NO_ALIAS, NO_PROFILE, NO_REMOVAL, refused, WRONG } from "./refusal.js";
import { type StockClient, stockClient } from "./stockClient.js";

describe("http: forged names through dm3's API", () => {
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
  const claim = (body: object) => http.post("/profile/name", body);
  const remove = (body: object) => http.post("/profile/deleteName", body);
  const asService = async (method: string, path: string, body?: unknown, key = NAMES_KEY) => {
    expect((await http.v1(method, `/names/${path}`, body, key)).status).to.be.within(200, 204);
  };

  describe("no name is chosen for somebody else", () => {
    const wish = async (client: StockClient, signed: string) => sign(client.signingKey, signed);

    it("with another key, another text, or a changed signature", async () => {
      const { addressName } = alice;
      const right = await wish(alice, `alias: ${name}`);
      const wrong = [
        await wish(mallory, `alias: ${name}`),
        await wish(alice, `remove: ${name}`),
        await wish(alice, `alias: x${name}`),
        await wish(alice, name),
        `${right.slice(0, 10)}${right[10] === "A" ? "B" : "A"}${right.slice(11)}`,
      ];
      for (const signature of wrong) {
        await refused(claim({ dm3Name: name, addressName, signature }), WRONG);
      }
      await refused(claim({ dm3Name: `x${name}`, addressName, signature: right }), WRONG);
      const upper = name.toUpperCase().replace(NAMES.toUpperCase(), NAMES);
      await refused(claim({ dm3Name: upper, addressName, signature: right }), WRONG);
      expect(await stored(name)).to.equal(null);
    });

    it("by way of another address name, or one that is none", async () => {
      await agreed(mallory.claimAddress(await mallory.profileWith("one.relay.eth")));
      await agreed(mallory.claimSubdomain(`mallory-${name}`));
      const signature = await wish(mallory, `alias: ${name}`);
      await refused(claim({ dm3Name: name, addressName: alice.addressName, signature }), WRONG);
      const address = mallory.addressName.split(".")[0] ?? "";
      const none = [
        address,
        `${address}.${NAMES}`,
        `${address}.${DOMAIN}`,
        `x.${mallory.addressName}`,
        `mallory-${name}`,
        ADDRESSES,
        (await stockClient(http)).addressName,
        `${mallory.addressName}.`,
        "\u0000",
      ];
      for (const addressName of none) {
        await refused(claim({ dm3Name: name, addressName, signature }), NO_PROFILE);
      }
      expect(await stored(name)).to.equal(null);
    });

    it("by giving it one, which takes no place of its own choice", async () => {
      const gift = `gift-${name}`;
      const content = { to: alice.wallet.address };
      for (const wish of [
        { action: "claim", domain: NAMES, name: gift, sequence: 1 } as const,
        { action: "move", domain: NAMES, name: gift, sequence: 2, content } as const,
      ]) {
        const signed = await signRequest(mallory.wallet, wish);
        expect((await http.v1("POST", "/requests", signed, null)).status).to.be.within(200, 201);
      }
      await agreed(alice.claimSubdomain(name));
      expect((await alice.getNameForAddress()).body).to.equal(JSON.stringify({ name }));
    });

    it("by moving the address name, which goes to no other wallet: 409", async () => {
      const content = { to: mallory.wallet.address };
      const { addressName: moved } = alice;
      const move = {
        action: "move",
        domain: ADDRESSES,
        name: moved,
        content,
        sequence: 1,
      } as const;
      const { status, body } = await http.v1(
        "POST",
        "/requests",
        await signRequest(alice.wallet, move),
        null,
      );
      expect({ status, code: body["code"] }).to.deep.equal({ status: 409, code: "NAME_TAKEN" });
      expect((await http.get(`/profile/${alice.wallet.address}`)).status).to.equal(200);
    });

    it("that somebody has: a wallet, the service, or nobody", async () => {
      await agreed(mallory.claimAddress(await mallory.profileWith("one.relay.eth")));
      await agreed(mallory.claimSubdomain(name));
      await refused(alice.claimSubdomain(name), NO_ALIAS);
      await asService("PUT", `theirs-${name}`, {});
      await refused(alice.claimSubdomain(`theirs-${name}`), NO_ALIAS);
      const reserved = `reserved-${name}`;
      expect((await http.v1("PUT", `/reservations/${reserved}`, {}, NAMES_KEY)).status).to.equal(
        200,
      );
      await refused(alice.claimSubdomain(reserved), NO_ALIAS);
      await http.service.domains.changeDomain(NAMES, { policy: { reservedLabels: ["admin"] } });
      await refused(alice.claimSubdomain(`admin.${NAMES}`), NO_ALIAS);
      await agreed(alice.claimSubdomain(`mine-${name}`));
    });

    it("that is none: hostile labels, other domains, addresses", async () => {
      const unsupported = [
        NAMES,
        "alice",
        `a.b.${NAMES}`,
        `alice.${DOMAIN}`,
        `alice.${ADDRESSES}`,
        `alice.${NAMES}.`,
      ];
      for (const one of [...unsupported, `alice.${NAMES.toUpperCase()}`, `alice.${NAMES}\u200b`]) {
        await refused(
          alice.claimSubdomain(one),
          `dm3 name ${one} is not supported. Invalid subdomain`,
        );
      }
      const hostile = [
        "",
        " ",
        "a b",
        "a\u0000",
        "\u202ealice",
        "аlice",
        "a_b",
        "ab--cd",
        "a'; drop table name",
        "<b>",
        "x".repeat(256),
        "a/x",
        `0x${"ab".repeat(20)}`,
        `0X${"AB".repeat(20)}`,
        alice.addressName.split(".")[0],
      ];
      for (const label of hostile) {
        await refused(alice.claimSubdomain(`${label}.${NAMES}`), NO_ALIAS);
      }
      expect((await alice.getNameForAddress()).status).to.equal(404);
    });

    it("that is made of its own address, also where wallets may have that", async () => {
      await http.service.domains.changeDomain(NAMES, { policy: { addressNames: true } });
      const [label] = alice.addressName.split(".");
      await refused(alice.claimSubdomain(`${label}.${NAMES}`), NO_ALIAS);
      await http.service.domains.changeDomain(NAMES, { policy: { addressNames: false } });
    });

    it("where the policy leaves names to the service", async () => {
      await http.service.domains.changeDomain(NAMES, { policy: { claims: "service" } });
      await refused(alice.claimSubdomain(name), NO_ALIAS);
      await http.service.domains.changeDomain(NAMES, { policy: { claims: "wallets" } });
      await http.service.domains.changeDomain(ADDRESSES, { policy: { addressNames: false } });
      await refused(mallory.claimAddress(await mallory.profileWith("a.eth")), /no address names/);
      await http.service.domains.changeDomain(ADDRESSES, { policy: { addressNames: true } });
    });
  });

  describe("no name comes back, and none is given up by somebody else", () => {
    beforeEach(() => agreed(alice.claimSubdomain(name)));

    it("by the wish that was used, after it was given up or deleted by the service", async () => {
      await agreed(alice.removeAlias(name));
      await refused(alice.claimSubdomain(name), NO_ALIAS);
      await agreed(alice.claimSubdomain(`x${name}`));
      await asService("DELETE", `x${name}`);
      await refused(alice.claimSubdomain(`x${name}`), NO_ALIAS);
      await agreed(mallory.claimAddress(await mallory.profileWith("one.relay.eth")));
      await refused(mallory.claimSubdomain(name), NO_ALIAS);
    });

    it("by another key, another text, or for a name that nobody chose", async () => {
      await agreed(mallory.claimAddress(await mallory.profileWith("one.relay.eth")));
      await refused(mallory.removeAlias(name), WRONG);
      const alias = await sign(alice.signingKey, `alias: ${name}`);
      await refused(remove({ dm3Name: name, signature: alias }), WRONG);
      for (const one of [
        alice.addressName,
        `nobody-${name}`,
        `alice.${DOMAIN}`,
        NAMES,
        "a..b",
        "\u202e",
      ]) {
        await refused(alice.removeAlias(one), NO_ADDRESS);
      }
      await asService("PUT", `theirs-${name}`, {});
      await refused(alice.removeAlias(`theirs-${name}`), NO_ADDRESS);
      expect(await stored(name)).not.to.equal(null);
    });

    it("under a domain that these paths are not about", async () => {
      const theirs = `${name.split(".")[0]}.${DOMAIN}`;
      const signedUserProfile = await alice.profileWith("one.relay.eth");
      const profile = { address: alice.wallet.address, signedUserProfile };
      expect((await http.v1("PUT", `/names/${theirs}/profile`, profile)).status).to.equal(201);
      await refused(alice.removeAlias(theirs), NO_ADDRESS);
      expect(await stored(theirs)).not.to.equal(null);
    });

    it("by a farewell that was used, when the service gave the name again", async () => {
      await agreed(alice.removeAlias(name));
      const profile = { address: alice.wallet.address, signedUserProfile: second };
      await asService("PUT", `${name}/profile`, profile);
      await refused(alice.removeAlias(name), NO_REMOVAL);
      expect(await stored(name)).not.to.equal(null);
    });

    it("by the key of a former profile", async () => {
      const { profile } = await mallory.profileWith("one.relay.eth");
      const message = await profileOfKey(alice, profile.publicSigningKey);
      await agreed(alice.claimAddress(message));
      await refused(alice.removeAlias(name), WRONG);
      const signature = await sign(mallory.signingKey, `remove: ${name}`);
      expect((await remove({ dm3Name: name, signature })).body).to.equal("OK");
    });

    it("nor while it is suspended; then nothing is shown of it", async () => {
      await asService("PUT", `${name}/suspension`, { reason: "spam" });
      await refused(alice.removeAlias(name), NO_REMOVAL);
      expect((await alice.getNameForAddress()).status).to.equal(404);
      await asService("PUT", `${alice.addressName}/suspension`, { reason: "spam" }, ADDRESSES_KEY);
      await refused(alice.removeAlias(name), NO_ADDRESS);
      await refused(alice.claimSubdomain(`x${name}`), NO_PROFILE);
      await refused(alice.claimAddress(second), /suspended by the service/);
      expect((await http.get(`/profile/${alice.wallet.address}`)).status).to.equal(404);
    });
  });
});

/** A profile of the client's wallet with another signing key. */
async function profileOfKey(
  client: StockClient,
  publicSigningKey: string,
): Promise<SignedUserProfile> {
  const { profile } = await client.profileWith("three.relay.eth");
  const changed = { ...profile, publicSigningKey };
  const message = getProfileCreationMessage(stringify(changed), client.wallet.address);
  return { profile: changed, signature: await client.wallet.signMessage(message) };
}
