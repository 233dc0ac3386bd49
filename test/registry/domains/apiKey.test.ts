import { expect } from "chai";
import { apiKeyFrom, isApiKey, sessionKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";

describe("registry/apiKey", () => {
  it("makes API keys that people and scanners recognise", () => {
    expect(apiKeyFrom(bytes(32, 0xff))).to.equal(`signpost_${"_".repeat(42)}8`);
    expect(apiKeyFrom(bytes(32, 0xfb))).to.match(/^signpost_[A-Za-z0-9_-]{43}$/);
    expect(sessionKeyFrom(bytes(32, 0xff))).to.equal(`signpost_session_${"_".repeat(42)}8`);
    for (const key of [apiKeyFrom(bytes(32, 1)), sessionKeyFrom(bytes(32, 1))]) {
      expect([isApiKey(key), isApiKey(`${key}A`), isApiKey(key.slice(0, -1))]).to.deep.equal([
        ...[true, false, false],
      ]);
    }
    for (const length of [0, 31, 33]) {
      expectError(() => apiKeyFrom(bytes(length, 1)), "INTERNAL", /takes 32 random bytes/);
    }
  });
});
