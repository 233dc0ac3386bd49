/** Requests without an API key over real HTTP, from addresses that a proxy names. */
import { expect } from "chai";
import { parseTrustedProxies } from "../../src/http/clientAddress.js";
import { type TestService, openTestService } from "./openTestService.js";

const EACH = 600;

describe("http: the limit of requests without a key", () => {
  let http: TestService;

  before(async () => {
    http = await openTestService(undefined, { trustedProxies: parseTrustedProxies("127.0.0.1") });
  });
  after(() => http.stop());

  const ask = async (from: string, apiKey: string | null = null) => {
    const headers = {
      "x-forwarded-for": from,
      ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
    };
    const response = await fetch(`${http.url}/v1/requests`, { method: "POST", headers });
    return { response, body: (await response.json()) as Record<string, unknown> };
  };

  it("is each stranger's own: one who uses it up takes nothing from the others", async () => {
    let taken = 0;
    for (let refused = 0; refused === 0;) {
      const some = await Promise.all(Array.from({ length: 100 }, () => ask("203.0.113.1")));
      refused = some.filter(({ response }) => response.status === 429).length;
      taken += some.length - refused;
      // the time that it takes brings some more
      expect(taken).to.be.below(2 * EACH);
    }
    expect(taken).to.be.at.least(EACH);
    const { response, body } = await ask("203.0.113.1");
    expect(response.status).to.equal(429);
    expect(body).to.deep.include({ code: "LIMIT_EXCEEDED" });
    expect(body["details"]).to.deep.include({ limit: EACH });
    expect(Number(response.headers.get("retry-after"))).to.be.within(1, 60);
    for (const other of ["203.0.113.2", "2a00:1450:4001:81::1"]) {
      expect((await ask(other)).response.status, other).to.equal(400);
    }
    // what he writes before the proxy's word does not make him another one
    expect((await ask("198.51.100.9, 203.0.113.1")).response.status).to.equal(429);
  });
});
