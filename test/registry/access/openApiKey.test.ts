import { expect } from "chai";
import { assertScope, openApiKey } from "../../../src/registry/access/openApiKey.js";
import { apiKeyFrom, type Scope, SCOPES } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError, expectRejection } from "../../expectError.js";
import { DOMAIN, DOMAINS, openRegistry, type TestRegistry } from "../openRegistry.js";

describe("registry/openApiKey", () => {
  let registry: TestRegistry;

  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());

  const domainOf = async (apiKey: string) =>
    (await openApiKey(registry.stores.domains, apiKey)).domain;
  const keyOf = (domain: (typeof DOMAINS)[number]) =>
    apiKeyFrom(bytes(32, DOMAINS.indexOf(domain)));

  it("opens each domain by its own key", async () => {
    for (const domain of DOMAINS) {
      expect(await domainOf(keyOf(domain))).to.equal(domain);
    }
  });

  it("opens nothing by an unknown or a malformed key, and does not repeat it", async () => {
    const key = keyOf(DOMAIN);
    const wrong = [
      apiKeyFrom(bytes(32, 200)),
      key.slice(0, -1),
      `${key}A`,
      `${key} `,
      key.toUpperCase(),
      key.replace("signpost_", ""),
      key.replace("signpost_", "Signpost_"),
      "",
      "signpost_",
      "' or true --",
      "\0",
      "x".repeat(100_000),
    ];
    for (const apiKey of wrong) {
      const error = await expectRejection(domainOf(apiKey), "UNAUTHORIZED", /API key is unknown/);
      if (apiKey.length > 9) expect(JSON.stringify(error)).not.to.include(apiKey);
    }
  });

  it("lets a key do what is among its scopes, and nothing else", async () => {
    const key = await openApiKey(registry.stores.domains, keyOf(DOMAIN));
    for (const scope of SCOPES) {
      assertScope(key, scope);
      const others: Scope[] = SCOPES.filter((other) => other !== scope);
      const refused = () => {
        assertScope({ ...key, scopes: others }, scope);
      };
      const { details } = expectError(refused, "FORBIDDEN", /lacks the scope/);
      expect(details).to.deep.equal({ key: key.id, scope });
    }
  });
});
