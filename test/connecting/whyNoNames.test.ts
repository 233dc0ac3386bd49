/** Against a real registry, over real HTTP. */
import { expect } from "chai";
import { whyNoNames } from "../../src/connecting/whyNoNames.js";
import { assertNormalName } from "../../src/ens/normalName.js";
import { apiKeyFrom, newApiKey } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import {
  API_KEY,
  DOMAIN,
  NESTED_API_KEY,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../http/openTestService.js";
import { serve } from "../lookup/loopbackServer.js";

describe("connecting/whyNoNames", function () {
  this.timeout(90_000);
  let http: TestService;

  before(async () => {
    http = await openTestService();
  });
  after(() => http.stop());

  const why = (apiKey: string, { url = http.url, names = `mail.${DOMAIN}` } = {}) => {
    assertNormalName(names);
    return whyNoNames({ url, apiKey }, names, new AbortController().signal);
  };

  it("finds nothing where the key is of the domain, or of one above it", async () => {
    expect(await why(API_KEY)).to.equal(null);
    expect(await why(API_KEY, { names: DOMAIN })).to.equal(null);
    expect(await why(API_KEY, { url: `${http.url}/v1` })).to.equal(null);
  });

  it("finds nothing where a key may write and not read", async () => {
    const apiKey = apiKeyFrom(bytes(32, 0x71));
    await http.service.domains.addApiKey(DOMAIN, newApiKey(apiKey, { scopes: ["profiles:write"] }));
    expect(await why(apiKey)).to.equal(null);
  });

  it("tells a key that the registry does not know", async () => {
    expect(await why(apiKeyFrom(bytes(32, 0x72))))
      .to.match(/^Nobody new gets a name: http.* does not take the API key/)
      .and.include("Look at the settings of the registry: its URL and API key.");
  });

  it("tells a key of another domain", async () => {
    expect(await why(NESTED_API_KEY)).to.include(
      `is that of ${NESTED_DOMAIN}, and the names are below mail.${DOMAIN}. Look`,
    );
    // below a domain of its own
    expect(await why(API_KEY, { names: NESTED_DOMAIN })).to.include(
      `is that of ${DOMAIN}, and the names are below ${NESTED_DOMAIN}. Look`,
    );
    // a name that only ends alike
    expect(await why(API_KEY, { names: `my${DOMAIN}` })).to.include(`is that of ${DOMAIN}, and`);
  });

  it("tells a proxy in front that refuses", async () => {
    const proxy = await serve((_request, response) => {
      response.writeHead(403, { "content-type": "text/html" }).end("<h1>Forbidden</h1>");
    });
    expect(await why(API_KEY, { url: proxy.url })).to.include("could not be asked");
    await proxy.close();
  });

  it("tells where nobody answers, and where something else does", async () => {
    expect(await why(API_KEY, { url: "http://127.0.0.1:1" })).to.match(
      /^Nobody new gets a name now: the registry of the names at http:\/\/127\.0\.0\.1:1 could not be asked/,
    );
    expect(await why(API_KEY, { url: `${http.url}/elsewhere` })).to.include("could not be asked");
  });

  it("tells a domain that is changed elsewhere now", async () => {
    const to = "https://other.example";
    await http.v1("PUT", "/domain/frozen", { to }, NESTED_API_KEY);
    expect(await why(NESTED_API_KEY, { names: NESTED_DOMAIN })).to.include(
      `the names of ${NESTED_DOMAIN} are changed no more at ${http.url}, but at ${to}. Look`,
    );
  });

  it("says nothing of a question that was given up", async () => {
    const signal = AbortSignal.abort();
    const names = `mail.${DOMAIN}`;
    assertNormalName(names);
    const apiKey = apiKeyFrom(bytes(32, 0x72));
    expect(await whyNoNames({ url: http.url, apiKey }, names, signal)).to.equal(null);
  });
});
