import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import { recordSource } from "../../../src/db/recordSource.js";
import { addDomain, replaceApiKey } from "../../../src/registry/access/addDomain.js";
import { openApiKey } from "../../../src/registry/access/openApiKey.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, DOMAINS, openRegistry, OTHER_DOMAIN, type TestRegistry } from "../openRegistry.js";

describe("registry/addDomain", () => {
  let registry: TestRegistry;

  beforeEach(async () => {
    registry = await openRegistry();
  });
  afterEach(() => registry.close());

  const domainOf = async (apiKey: string) =>
    (await openApiKey(registry.stores.domains, apiKey)).domain;
  const keyOf = (domain: (typeof DOMAINS)[number]) =>
    apiKeyFrom(bytes(32, DOMAINS.indexOf(domain)));
  const served = (domain: string) => ({ domain, chainId: 1n, resolver: bytes(20, 7) });

  it("replaces a key: the old one stops at once, the other domains' keys go on", async () => {
    const [old, next] = [keyOf(DOMAIN), apiKeyFrom(bytes(32, 100))];
    await replaceApiKey(registry.stores.domains, DOMAIN, next);
    expect(await domainOf(next)).to.equal(DOMAIN);
    await expectRejection(domainOf(old), "UNAUTHORIZED", /unknown/);
    expect(await domainOf(keyOf(OTHER_DOMAIN))).to.equal(OTHER_DOMAIN);
    await expectRejection(
      replaceApiKey(registry.stores.domains, "nowhere.eth", apiKeyFrom(bytes(32, 101))),
      "NOT_FOUND",
      /nowhere\.eth does not exist/,
    );
  });

  it("adds a domain once; the second attempt changes neither key nor resolver", async () => {
    await expectRejection(
      addDomain(registry.stores.domains, served(DOMAIN), apiKeyFrom(bytes(32, 100))),
      "NAME_TAKEN",
      /users\.example\.eth exists already/,
    );
    await expectRejection(domainOf(apiKeyFrom(bytes(32, 100))), "UNAUTHORIZED", /unknown/);
    expect(await domainOf(keyOf(DOMAIN))).to.equal(DOMAIN);
    const resolvers = await recordSource(registry.pool).servedResolvers();
    expect(resolvers.map(({ resolver }) => resolver[0])).not.to.include(7);
  });

  it("adds a domain with its resolver, or not at all", async () => {
    const broken = { domain: "new.eth", chainId: 1n, resolver: bytes(19, 7) };
    await expectRejection(
      addDomain(registry.stores.domains, broken, apiKeyFrom(bytes(32, 100))),
      "INTERNAL",
      /constraint resolver_address_check/,
    );
    const names = (await registry.stores.domains.domains()).map(({ name }) => name);
    expect(names).to.have.members([...DOMAINS]);
    await addDomain(registry.stores.domains, served("new.eth"), apiKeyFrom(bytes(32, 100)));
    expect(await recordSource(registry.pool).servedResolvers()).to.deep.include(served("new.eth"));
  });

  it("refuses a domain that clients could never ask for", async () => {
    const names = [
      "",
      "Users.eth",
      "a..eth",
      `${"a".repeat(256)}.eth`,
      "a_b.eth",
      "abc.".repeat(300),
    ];
    for (const name of names) {
      await expectRejection(
        addDomain(registry.stores.domains, served(name), apiKeyFrom(bytes(32, 100))),
        "INVALID_NAME",
        /name/,
      );
    }
  });

  it("keeps the hash of a key and nothing else of it, in any table", async () => {
    const random = Uint8Array.from({ length: 32 }, (_, index) => index * 7 + 3);
    const apiKey = apiKeyFrom(random);
    await addDomain(registry.stores.domains, served("secret.eth"), apiKey);
    const { rows: tables } = await registry.pool.query<{ name: string }>(
      "select quote_ident(table_name) as name from information_schema.tables where table_schema = current_schema()",
    );
    expect(tables.length).to.be.at.least(5);
    const contents = await Promise.all(
      tables.map(({ name }) =>
        registry.pool.query<{ row: string }>(`select t::text as row from ${name} as t`),
      ),
    );
    const everything = contents.flatMap(({ rows }) => rows.map(({ row }) => row)).join("\n");
    const text = new TextEncoder().encode(apiKey);
    const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");
    expect(everything).to.include(hex(sha256(text)));
    for (const secret of [apiKey, apiKey.slice("signpost_".length), hex(text), hex(random)]) {
      expect(everything).not.to.include(secret);
    }
  });
});
