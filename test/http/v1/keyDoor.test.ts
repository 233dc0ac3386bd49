/** Wrong API keys cost whoever tries them, and nobody else. */
import { expect } from "chai";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { apiKeyFrom, newApiKey } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../openTestService.js";

const GUESSES_PER_MINUTE = 600;

describe("http/v1/keyDoor", () => {
  let http: TestService;
  before(async () => {
    http = await openTestService(undefined, { trustedProxies: parseTrustedProxies("127.0.0.1") });
  });
  after(() => http.stop());

  const ask = async (apiKey: string, from: string) => {
    const headers = { authorization: `Bearer ${apiKey}`, "x-forwarded-for": from };
    const response = await fetch(`${http.url}/v1/domain`, { headers });
    const { code } = (await response.json()) as { code?: string };
    return { status: response.status, code };
  };

  it("lets nobody guess for long, while keys that opened before go on opening", async () => {
    const from = "203.0.113.7";
    expect(await ask(API_KEY, from)).to.include({ status: 200 });
    const wrong = (index: number) => apiKeyFrom(bytes(32, 100 + (index % 50)));
    let refused = 0;
    for (let sent = 0; refused === 0 && sent < 2 * GUESSES_PER_MINUTE; sent += 50) {
      const some = await Promise.all(
        Array.from({ length: 50 }, (_, index) => ask(wrong(index), from)),
      );
      refused = some.filter(({ code }) => code === "LIMIT_EXCEEDED").length;
      expect(some.filter(({ code }) => code === "UNAUTHORIZED")).to.have.length(50 - refused);
    }
    expect(refused).to.be.above(0);
    expect(await ask(API_KEY, from)).to.include({ status: 200 });
    expect(await ask(wrong(0), "203.0.113.8")).to.include({ code: "UNAUTHORIZED" });
  });

  it("opens to a revoked key no more, however often it opened", async () => {
    const apiKey = apiKeyFrom(bytes(32, 0x51));
    const id = await http.service.domains.addApiKey(DOMAIN, newApiKey(apiKey));
    expect(await ask(apiKey, "203.0.113.9")).to.include({ status: 200 });
    await http.service.domains.revokeApiKey(DOMAIN, id);
    expect(await ask(apiKey, "203.0.113.9")).to.include({ code: "UNAUTHORIZED" });
  });
});
