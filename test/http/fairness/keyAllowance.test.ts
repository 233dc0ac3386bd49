import { expect } from "chai";
import { takeBytes, takeChanges, takeRead } from "../../../src/http/fairness/keyAllowance.js";
import type { ApiKey } from "../../../src/registry/domains/apiKey.js";
import { expectRejection } from "../../expectError.js";
import { fairParts } from "../fairParts.js";

const KEY = { id: "7", limits: { changesPerMinute: 10, changesPerDay: 25 } } as ApiKey;
const OTHER = { ...KEY, id: "8" };

describe("http/fairness/keyAllowance", () => {
  let nowMs = 0;
  let { limits } = fairParts(() => nowMs);
  beforeEach(() => {
    nowMs = 1_800_000_000_000;
    ({ limits } = fairParts(() => nowMs));
  });

  it("counts changes by minute and by day, of each key by itself", async () => {
    for (let minute = 0; minute < 2; minute++) {
      await takeChanges(limits, KEY, 10);
      const error = await expectRejection(
        takeChanges(limits, KEY, 1),
        "LIMIT_EXCEEDED",
        /10 changes a minute/,
      );
      expect(error.details).to.deep.equal({ limit: 10, retryAfterSec: 6 });
      nowMs += 60_000;
    }
    await expectRejection(takeChanges(limits, KEY, 10), "LIMIT_EXCEEDED", /25 changes a day/);
    await takeChanges(limits, OTHER, 10);
  });

  it("takes nothing of the day for what the minute refuses, however often it is sent again", async () => {
    await takeChanges(limits, KEY, 10);
    for (let again = 0; again < 10; again++) {
      await expectRejection(takeChanges(limits, KEY, 5), "LIMIT_EXCEEDED", /10 changes a minute/);
    }
    nowMs += 60_000;
    await takeChanges(limits, KEY, 10);
  });

  it("lets a key that may change little send one long body, and read without an end of its changes", async () => {
    await takeBytes(limits, KEY, 16 * 1024 * 1024);
    await expectRejection(
      takeBytes(limits, KEY, 1),
      "LIMIT_EXCEEDED",
      /16777216 bytes of bodies a minute/,
    );
    for (let read = 0; read < 6_000; read++) await takeRead(limits, KEY);
    await expectRejection(takeRead(limits, KEY), "LIMIT_EXCEEDED", /6000 reads a minute/);
    await takeChanges(limits, KEY, 10);
  });
});
