import { expect } from "chai";
import { Wallet } from "ethers";
import type { SignedUserProfile } from "../../src/dm3/profile.js";
import { namehash } from "../../src/ens/namehash.js";
import { addDomain, apiKeyFrom } from "../../src/registry/domains.js";
import { nodeUnderDomain } from "../../src/registry/nameUnderDomain.js";
import { deleteProfile } from "../../src/registry/publishProfile.js";
import { registerRelayNode } from "../../src/registry/registerRelayNode.js";
import { setRecords } from "../../src/registry/setRecords.js";
import { relayNodeProfile } from "../../src/demo/people.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import {
  DOMAIN,
  NESTED_DOMAIN,
  OTHER_DOMAIN,
  type TestRegistry,
  openRegistry,
  profilesOf,
} from "./openRegistry.js";

describe("registry/nameUnderDomain", () => {
  let registry: TestRegistry;
  const wallet = Wallet.createRandom();
  let signed: SignedUserProfile;

  before(async () => {
    registry = await openRegistry();
    signed = (await profilesOf(wallet, 1))[0]!;
  });
  after(() => registry.close());

  const nodeOf = (name: string, domain: string) =>
    nodeUnderDomain(registry.stores.domains, name, domain);

  it("is the namehash of a name at any depth of the domain, and of the domain itself", async () => {
    for (const name of [DOMAIN, `a.${DOMAIN}`, `a.b.${DOMAIN}`, `📬.${DOMAIN}`]) {
      expect(await nodeOf(name, DOMAIN), name).to.deep.equal(namehash(name));
    }
    expect(await nodeOf(`a.${NESTED_DOMAIN}`, NESTED_DOMAIN)).to.deep.equal(
      namehash(`a.${NESTED_DOMAIN}`),
    );
  });

  it("refuses the name of another domain: beside, above, below and look-alikes", async () => {
    const forbidden = [
      [`alice.${OTHER_DOMAIN}`, DOMAIN],
      [OTHER_DOMAIN, DOMAIN],
      ["example.eth", DOMAIN],
      ["eth", DOMAIN],
      [`evil${DOMAIN}`, DOMAIN],
      [`alice.${DOMAIN}`, OTHER_DOMAIN],
      [`alice.${DOMAIN}`, NESTED_DOMAIN],
      [`alice.${NESTED_DOMAIN}`, DOMAIN],
      [`a.b.${NESTED_DOMAIN}`, DOMAIN],
      [NESTED_DOMAIN, DOMAIN],
      [`alice.${DOMAIN}`, "unknown.eth"],
      ["alice.unknown.eth", "unknown.eth"],
    ] as const;
    for (const [name, domain] of forbidden) {
      const sentence = new RegExp(`${name} does not belong to ${domain}; use the API key`);
      await expectRejection(nodeOf(name, domain), "FORBIDDEN", sentence);
    }
  });

  it("refuses names that clients could never send or would normalise away", async () => {
    const invalid: [name: string, sentence: RegExp][] = [
      ["", /empty/],
      [".", /normal form|empty/],
      [`.${DOMAIN}`, /normal form|empty/],
      [`a..${DOMAIN}`, /normal form|empty/],
      [`${DOMAIN}.`, /normal form|empty/],
      [`Alice.${DOMAIN}`, /use "alice\.users\.example\.eth"/],
      [`alice.${DOMAIN.toUpperCase()}`, /use "alice\.users\.example\.eth"/],
      [`a b.${DOMAIN}`, /disallowed character/],
      [`a_b.${DOMAIN}`, /underscore/],
      [`xn--4ca.${DOMAIN}`, /label extension|disallowed|normal form/],
      [`аlice.${DOMAIN}`, /mixture|confusable/i],
      [`a\0b.${DOMAIN}`, /disallowed character/],
      [`a\ud800.${DOMAIN}`, /disallowed character/],
      [`a/b.${DOMAIN}`, /disallowed character/],
      [`${"a".repeat(64)}.${DOMAIN}`, /64 bytes; clients can send 63 at most/],
      [`${"ü".repeat(32)}.${DOMAIN}`, /64 bytes; clients can send 63 at most/],
      [`${"abc.".repeat(60)}${DOMAIN}`, /at most 255|255 is the longest/],
      [`${"a".repeat(1_000_000)}.${DOMAIN}`, /255 is the longest/],
    ];
    for (const [name, sentence] of invalid) {
      await expectRejection(nodeOf(name, DOMAIN), "INVALID_NAME", sentence);
    }
    expect(await nodeOf(`${"a".repeat(63)}.${DOMAIN}`, DOMAIN)).to.have.length(32);
    // 16 labels of 14 bytes, one of 12, 18 for the domain and the terminator: 255 bytes in DNS form
    const longest = `${"a".repeat(13)}.`.repeat(16) + `${"b".repeat(11)}.${DOMAIN}`;
    expect(await nodeOf(longest, DOMAIN)).to.have.length(32);
    await expectRejection(nodeOf(`b${longest}`, DOMAIN), "INVALID_NAME", /at most 255/);
  });

  it("holds for every way of writing", async () => {
    const { stores } = registry;
    const name = `alice.${NESTED_DOMAIN}`;
    const upper = `Alice.${DOMAIN}`;
    const profile = relayNodeProfile("https://relay.example");
    const writes = (domain: string, written: string) => [
      () => registry.publish(written, wallet.address, signed, domain),
      () => setRecords(stores, { domain, name: written, records: { texts: {} } }),
      () => registerRelayNode(stores, { domain, name: written, profile }),
      () => deleteProfile(stores, domain, written),
    ];
    for (const write of writes(DOMAIN, name)) {
      await expectRejection(write(), "FORBIDDEN", /does not belong to users\.example\.eth/);
    }
    for (const write of writes(DOMAIN, upper)) {
      await expectRejection(write(), "INVALID_NAME", /ENSIP-15 normal form/);
    }
    expect(await registry.stored(name)).to.equal(null);
  });

  it("follows the most specific domain: one that is added later takes its names over", async () => {
    const name = `alice.later.${OTHER_DOMAIN}`;
    expect(await registry.publish(name, wallet.address, signed, OTHER_DOMAIN)).to.equal("created");
    const served = { domain: `later.${OTHER_DOMAIN}`, chainId: 1n, resolver: bytes(20, 9) };
    await addDomain(registry.stores.domains, served, apiKeyFrom(bytes(32, 9)));
    await expectRejection(
      deleteProfile(registry.stores, OTHER_DOMAIN, name),
      "FORBIDDEN",
      /does not belong to other\.eth/,
    );
    const records = { texts: { avatar: "a" } };
    await setRecords(registry.stores, { domain: served.domain, name, records });
    expect(await registry.stored(name)).to.include({ domain: served.domain });
  });
});
