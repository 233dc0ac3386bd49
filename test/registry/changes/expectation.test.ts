import { expect } from "chai";
import { assertExpected, type Expectation } from "../../../src/registry/changes/expectation.js";
import type { VersionedName } from "../../../src/registry/names/storedName.js";
import { sampleName } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";

describe("registry/expectation", () => {
  const stored: VersionedName = { ...sampleName("alice"), version: 7n, sequence: 0 };
  const { name } = stored;
  const absent: Expectation = { kind: "absent" };
  const present: Expectation = { kind: "present" };
  const version = (of: bigint): Expectation => ({ kind: "version", version: of });

  it("is met by a name that is there, is not there, or is at that version", () => {
    assertExpected(absent, name, null);
    assertExpected(present, name, stored);
    assertExpected(version(7n), name, stored);
  });

  it("says otherwise at which version the name is, or that it does not exist", () => {
    for (const expected of [absent, version(6n), version(8n)]) {
      const refused = () => {
        assertExpected(expected, name, stored);
      };
      const { details } = expectError(refused, "VERSION_CONFLICT", /is at version 7, and not/);
      expect(details).to.deep.equal({ name, version: "7" });
    }
    for (const expected of [present, version(7n)]) {
      const refused = () => {
        assertExpected(expected, name, null);
      };
      const { details } = expectError(refused, "VERSION_CONFLICT", /does not exist/);
      expect(details).to.deep.equal({ name, version: null });
    }
  });
});
