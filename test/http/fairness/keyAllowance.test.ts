import { expect } from "chai";
import { takeBytes, takeChanges } from "../../../src/http/fairness/keyAllowance.js";
import { rateLimits } from "../../../src/http/fairness/rateLimits.js";
import type { Limits } from "../../../src/registry/access/limits.js";
import type { ApiKey } from "../../../src/registry/domains/apiKey.js";
import { expectRejection } from "../../expectError.js";

const MINUTE_MS = 60_000;

describe("http/fairness/keyAllowance", () => {
  const key: ApiKey = {
    ...{ id: "7", domain: "users.example.eth", label: "import", scopes: [] },
    ...{ createdMs: 0, lastUsedMs: null, revokedMs: null, expiresMs: null },
    limits: { changesPerMinute: 2, changesPerDay: 5 },
  };
  let nowMs = 0;
  let limits: Limits;
  beforeEach(() => {
    nowMs = 0;
    const counted = rateLimits(() => nowMs);
    limits = { take: (...asked) => Promise.resolve(counted.take(...asked)) };
  });
  const refused = (changes: number, sentence: RegExp) =>
    expectRejection(takeChanges(limits, key, changes), "LIMIT_EXCEEDED", sentence);

  it("takes nothing from the day for what the minute refuses", async () => {
    await takeChanges(limits, key, 2);
    for (let asked = 0; asked < 20; asked++)
      await refused(1, /2 changes a minute .*"import"; wait/);
    nowMs += MINUTE_MS;
    await takeChanges(limits, key, 2);
    nowMs += MINUTE_MS;
    await refused(2, /5 changes a day of the API key "import"; wait \d+ seconds/);
  });

  it("says that waiting does not help where more is asked for at once than the limit", async () => {
    await refused(3, /limit of 2 changes a minute .*: waiting does not help, send less at once/);
    await takeChanges(limits, key, 2);
    nowMs += MINUTE_MS;
    // a batch of three, of which one was counted when it came
    await takeChanges(limits, key, 1);
    const rest = takeChanges(limits, key, 2, 1);
    await expectRejection(rest, "LIMIT_EXCEEDED", /waiting does not help/);
  });

  it("counts all sessions of a domain together, and those of another one apart", async () => {
    const session = (id: string, domain = "users.example.eth"): ApiKey => ({
      ...{ ...key, id, domain, expiresMs: 1 },
    });
    await takeChanges(limits, session("8"), 2);
    const next = takeChanges(limits, session("9"), 1);
    const sentence = /2 changes a minute of all sessions of users\.example\.eth together/;
    await expectRejection(next, "LIMIT_EXCEEDED", sentence);
    await takeChanges(limits, session("10", "other.eth"), 2);
    await takeChanges(limits, key, 2);
    for (const id of ["11", "12"]) {
      nowMs += MINUTE_MS;
      await takeChanges(limits, session(id), id === "11" ? 2 : 1);
    }
    nowMs += MINUTE_MS;
    const late = takeChanges(limits, session("13"), 1);
    await expectRejection(late, "LIMIT_EXCEEDED", /5 changes a day of all sessions/);
  });

  it("takes bodies of 16 MiB a minute of a key that may change little", async () => {
    await takeBytes(limits, key, 16 * 1024 * 1024 - 1024);
    await takeBytes(limits, key, 1);
    await expectRejection(
      takeBytes(limits, key, 1),
      "LIMIT_EXCEEDED",
      /16384 KiB of bodies a minute of the API key "import"; wait/,
    );
  });

  it("counts in 32 bits for every key that can be made", async () => {
    const counts: number[] = [];
    const counting: Limits = {
      take: (_bucket, limit, _periodSec, count) => (
        counts.push(limit + count),
        Promise.resolve(null)
      ),
    };
    const limitless = { changesPerMinute: 999_999_999, changesPerDay: 999_999_999 };
    const largest = { ...key, limits: limitless };
    await takeBytes(counting, largest, 16 * 1024 * 1024);
    await takeChanges(counting, largest, 10_000);
    for (const count of counts) expect(count).to.be.below(2 ** 31);
  });
});
