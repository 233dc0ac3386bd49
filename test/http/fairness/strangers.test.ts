/** Requests without an API key over real HTTP, from addresses that a proxy names. */
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect } from "chai";
import { isSignpostError } from "../../../src/errors.js";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { rateLimits } from "../../../src/http/fairness/rateLimits.js";
import { strangersFrom } from "../../../src/http/fairness/strangers.js";
import { openTestService, type TestService } from "../openTestService.js";

const EACH = 600;

describe("http: the limit of requests without a key", () => {
  let http: TestService;

  before(async () => {
    http = await openTestService(undefined, { trustedProxies: parseTrustedProxies("127.0.0.1") });
  });
  after(() => http.stop());

  const ask = async (from: string, apiKey: string | null = null, body = "") => {
    const headers = {
      "x-forwarded-for": from,
      ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
    };
    const response = await fetch(`${http.url}/v1/requests`, { method: "POST", headers, body });
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
    // some at once, because time brings one in a tenth of a second
    const refusals = async (from: string) => {
      const some = await Promise.all(Array.from({ length: 60 }, () => ask(from)));
      return some.filter(({ response }) => response.status === 429);
    };
    const [refused] = await refusals("203.0.113.1");
    expect(refused?.body).to.deep.include({ code: "LIMIT_EXCEEDED" });
    expect(refused?.body["details"]).to.deep.include({ limit: EACH });
    expect(Number(refused?.response.headers.get("retry-after"))).to.be.within(1, 60);
    for (const other of ["203.0.113.2", "2a00:1450:4001:81::1"]) {
      expect(await refusals(other), other).to.deep.equal([]);
    }
    // what he writes before the proxy's word does not make him another one
    expect(await refusals("198.51.100.9, 203.0.113.1")).to.not.deep.equal([]);
  });

  it("counts long bodies for more: a disk keeps for ever what was signed", async () => {
    const sizes = [100, 8 * 1024, 300_000];
    const taken = await Promise.all(
      sizes.map(async (size, index) => {
        const from = `198.51.100.${index + 1}`;
        const body = JSON.stringify({ a: "x".repeat(size) });
        let count = 0;
        for (; count < 40; count++)
          if ((await ask(from, null, body)).response.status === 429) break;
        return count;
      }),
    );
    // 300,000 bytes count as 37
    expect(taken.slice(0, 2)).to.deep.equal([40, 40]);
    expect(taken[2]).to.be.within(16, 20);
  });
});

describe("http: what all strangers have together", () => {
  const ALL = 6_000;
  const limits = rateLimits(() => 0, 10_000);
  let network = "";
  const strangers = strangersFrom(
    () => network,
    { take: (...taken) => Promise.resolve(limits.take(...taken)) },
    { atDoor: (_, work) => work() },
    () => 0,
  );
  /** Each from a network of its own. @returns how many were taken */
  const asked = async (method: string, count: number, isOfWriting = false) => {
    let taken = 0;
    for (let number = 0; number < count; number++) {
      network = `${method} ${number}`;
      try {
        await strangers.count(
          Object.assign(new IncomingMessage(new Socket()), { method }),
          isOfWriting,
        );
        taken++;
      } catch (error) {
        if (!isSignpostError(error, "LIMIT_EXCEEDED")) throw error;
      }
    }
    return taken;
  };

  it("does not end signing for those who only read, however many networks read", async () => {
    expect(await asked("GET", ALL + 100)).to.equal(ALL);
    expect(await asked("HEAD", 1)).to.equal(0);
    expect(await asked("POST", 100)).to.equal(100);
    // wallets ask for their sequence before they sign
    expect(await asked("GET", 100, true)).to.equal(100);
  });
});
