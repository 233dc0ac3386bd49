/** Wrong API keys cost whoever tries them, and nobody else. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Request } from "express";
import { sameBytes } from "../../../src/abi/bytes.js";
import type { SignpostError } from "../../../src/errors.js";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { keyDoor } from "../../../src/http/v1/keyDoor.js";
import {
  type ApiKey,
  apiKeyFrom,
  hashApiKey,
  newApiKey,
} from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { fairParts } from "../fairParts.js";
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

describe("http/v1/keyDoor, where the database takes its time", () => {
  const HERS = apiKeyFrom(bytes(32, 1));
  const HIS = apiKeyFrom(bytes(32, 2));
  const NOBODYS = apiKeyFrom(bytes(32, 3));
  let asking = 0;
  let mostAsking = 0;
  const slowKeys = {
    apiKeyOf: async (hash: Uint8Array) => {
      mostAsking = Math.max(mostAsking, ++asking);
      await delay(5);
      asking--;
      const index = [HERS, HIS].findIndex((key) => sameBytes(hashApiKey(key), hash));
      const domain = ["hers.eth", "his.eth"][index];
      return domain === undefined
        ? null
        : ({ id: String(index), domain, lastUsedMs: Date.now() } as ApiKey);
    },
    noteUse: () => Promise.resolve(),
  };
  const requestWith = (apiKey: string) => ({ get: () => `Bearer ${apiKey}` }) as unknown as Request;

  for (const [what, flooding] of [
    ["with a key", HIS],
    ["with a guess", NOBODYS],
  ] as const) {
    it(`lets who comes ${what} a thousand times at once wait behind nobody but himself`, async () => {
      const door = keyDoor({ ...fairParts(), keys: slowKeys, nowMs: Date.now });
      const open = (apiKey: string) => door(requestWith(apiKey), () => Promise.resolve());
      await Promise.all([open(HERS), open(HIS)]);
      mostAsking = 0;
      const codes: string[] = [];
      const flood = Array.from({ length: 1000 }, () =>
        open(flooding).then(
          () => codes.push("opened"),
          (error: unknown) => codes.push((error as SignpostError).code),
        ),
      );
      expect(await open(HERS)).to.include({ domain: "hers.eth" });
      const over = codes.filter((code) => code === "LIMIT_EXCEEDED");
      expect(over).to.have.length.within(700, 900);
      expect(codes.length - over.length).to.be.below(20);
      await Promise.all(flood);
      expect(mostAsking).to.be.at.most(8);
    });
  }
});
