import { expect } from "chai";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";

describe("registry/apiKey", () => {
  it("makes API keys that people and scanners recognise", () => {
    expect(apiKeyFrom(bytes(32, 0xff))).to.equal(`signpost_${"_".repeat(42)}8`);
    expect(apiKeyFrom(bytes(32, 0xfb))).to.match(/^signpost_[A-Za-z0-9_-]{43}$/);
    for (const length of [0, 31, 33]) {
      expectError(() => apiKeyFrom(bytes(length, 1)), "INTERNAL", /takes 32 random bytes/);
    }
  });
});
