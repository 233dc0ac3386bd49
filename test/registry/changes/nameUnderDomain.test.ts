import { expect } from "chai";
import { Wallet } from "ethers";
import { relayNodeProfile } from "../../../src/demo/people.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { handOverAsAdmin } from "../../../src/registry/changes/handOverName.js";
import { domainsInMemory, nameUnderDomain } from "../../../src/registry/changes/nameUnderDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import {
  DOMAIN,
  NESTED_DOMAIN,
  openRegistry,
  OTHER_DOMAIN,
  profilesOf,
  type TestRegistry,
} from "../openRegistry.js";
import { deleteProfile, registerRelayNode, setRecords } from "./serviceWrites.js";

describe("registry/nameUnderDomain", () => {
  let registry: TestRegistry;
  const wallet = Wallet.createRandom();
  let signed: SignedUserProfile;

  before(async () => {
    registry = await openRegistry();
    signed = (await profilesOf(wallet, 1))[0]!;
  });
  after(() => registry.close());

  /** By one read for the name, and by all domains in memory: both have to say the same. */
  async function holding(name: string, domain: string): Promise<string> {
    const { domains } = registry.stores;
    const answers = [domains, await domainsInMemory(domains)].map((source) =>
      nameUnderDomain(source, name, domain).then(
        (found) => {
          expect(found.name).to.equal(name);
          return found.domain.name;
        },
        (error: unknown) => error,
      ),
    );
    const [asked, remembered] = await Promise.all(answers);
    expect(String(remembered)).to.equal(String(asked));
    if (typeof asked === "string") return asked;
    throw asked as Error;
  }

  it("holds a name at any depth of the domain, and the domain itself", async () => {
    for (const name of [DOMAIN, `a.${DOMAIN}`, `a.b.${DOMAIN}`, `📬.${DOMAIN}`]) {
      expect(await holding(name, DOMAIN), name).to.equal(DOMAIN);
    }
    expect(await holding(`a.${NESTED_DOMAIN}`, NESTED_DOMAIN)).to.equal(NESTED_DOMAIN);
  });

  it("refuses a name under an alias, below a domain or not, and says which one to use", async () => {
    const { domains } = registry.stores;
    for (const alias of ["users.alias.eth", `old.${DOMAIN}`]) {
      await domains.addAlias({ alias, domain: DOMAIN });
      for (const key of [DOMAIN, OTHER_DOMAIN]) {
        const { details } = await expectRejection(
          holding(`a.b.${alias}`, key),
          "FORBIDDEN",
          /lies under an alias domain .* Use a\.b\.users\.example\.eth\.$/,
        );
        expect(details).to.deep.equal({
          ...{ name: `a.b.${alias}`, domain: key },
          aliasOf: `a.b.${DOMAIN}`,
        });
      }
      await domains.removeAlias(alias);
    }
    expect(await holding(`a.old.${DOMAIN}`, DOMAIN)).to.equal(DOMAIN);
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
      const sentence = new RegExp(`${name} does not belong to ${domain}\\. Use the domain`);
      await expectRejection(holding(name, domain), "FORBIDDEN", sentence);
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
      [`${"a".repeat(256)}.${DOMAIN}`, /256 bytes; the DNS form holds 255 at most/],
      [`${"ü".repeat(128)}.${DOMAIN}`, /256 bytes; the DNS form holds 255 at most/],
      [`${"abc.".repeat(252)}${DOMAIN}`, /names of at most 1022 can be used here/],
      [`${"a".repeat(1_000_000)}.${DOMAIN}`, /at most 1022 can be used here/],
    ];
    for (const [name, sentence] of invalid) {
      await expectRejection(holding(name, DOMAIN), "INVALID_NAME", sentence);
    }
    expect(await holding(`${"a".repeat(255)}.${DOMAIN}`, DOMAIN)).to.equal(DOMAIN);
    // 3 labels of 256 bytes, one of 237, 18 for the domain and the terminator: 1024 bytes in DNS form
    const longest = `${"a".repeat(255)}.`.repeat(3) + `${"b".repeat(236)}.${DOMAIN}`;
    expect(await holding(longest, DOMAIN)).to.equal(DOMAIN);
    await expectRejection(holding(`b${longest}`, DOMAIN), "INVALID_NAME", /at most 102[24]/);
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
    const handOver = handOverAsAdmin(Date.now);
    await addDomain(registry.stores.domains, served, apiKeyFrom(bytes(32, 9)), handOver);
    expect(await registry.stored(name)).to.include({ domain: served.domain });
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
