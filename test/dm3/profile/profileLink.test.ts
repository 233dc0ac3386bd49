import { expect } from "chai";
import { parseRecord } from "../../../src/dm3/profile/parseRecord.js";
import { parseSignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { parseLinkedProfile } from "../../../src/dm3/profile/profileLink.js";
import { sha256Hex } from "../../../src/dm3/stringify.js";
import { expectError } from "../../expectError.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };
import profiles from "../../vectors/profiles.json" with { type: "json" };
import { alice } from "./sampleProfiles.js";

const hash = profiles.dm3Hash.alice;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const content = utf8(JSON.stringify(alice));

function hashInRecord(textRecord: string): string | null {
  const record = parseRecord(textRecord);
  return record.kind === "https" ? record.dm3Hash : null;
}

describe("linked profile", () => {
  for (const { name, textRecord, served, reference } of profiles.linkRecords) {
    const answer = utf8(JSON.stringify(served));
    const dm3Hash = hashInRecord(textRecord);
    if ("value" in reference) {
      it(`is accepted as by the reference: ${name}`, () => {
        const json = parseLinkedProfile(answer, dm3Hash);
        expect(parseSignedUserProfile(json)).to.deep.equal(reference.value);
      });
    } else if (name === "dm3Hash without 0x (spec example)") {
      it(`is accepted, which the reference rejects: ${name}`, () => {
        expect(parseLinkedProfile(answer, dm3Hash)).to.deep.equal(served);
      });
    } else {
      it(`is rejected as by the reference: ${name}`, () => {
        expectError(
          () => parseLinkedProfile(answer, dm3Hash),
          "INVALID_PROFILE",
          /carries no dm3Hash/,
        );
      });
    }
  }

  it("of a delivery service is checked in the same way", () => {
    const { textRecord, served } = services.cases[1]!;
    const json = parseLinkedProfile(utf8(JSON.stringify(served)), hashInRecord(textRecord!));
    expect(json).to.deep.equal(served);
  });

  for (const written of [hash, hash.slice(2), hash.toUpperCase().replace("0X", "0x")]) {
    it(`is accepted for the hash written as ${written.slice(0, 8)}`, () => {
      expect(parseLinkedProfile(content, written)).to.deep.equal(alice);
    });
  }

  it("is accepted for the hash of its very bytes, which the reference rejects", () => {
    const pretty = JSON.stringify(alice, null, 2);
    expect(parseLinkedProfile(utf8(pretty), sha256Hex(pretty))).to.deep.equal(alice);
    expect(sha256Hex(pretty)).not.to.equal(hash);
  });

  it("is rejected with one nibble of the hash changed", () => {
    const other = hash.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    expectError(() => parseLinkedProfile(content, other), "INVALID_PROFILE", /commits to/);
  });

  it("is rejected with one letter of the content changed", () => {
    const changed = utf8(JSON.stringify(alice).replace("ds.example", "dx.example"));
    expectError(() => parseLinkedProfile(changed, hash), "INVALID_PROFILE", /commits to/);
  });

  for (const [fault, answer, message] of [
    ["is not JSON", utf8("<html>"), /not JSON/],
    ["is not UTF-8", Uint8Array.of(0x22, 0xff, 0x22), /not UTF-8/],
    ["is too long", utf8(" ".repeat(32_769)), /longer than 32768/],
    [
      "is nothing but brackets",
      utf8("[".repeat(16_384) + "]".repeat(16_384)),
      /nesting|commits to/,
    ],
  ] as const) {
    it(`is rejected when the answer ${fault}`, () => {
      expectError(() => parseLinkedProfile(answer, hash), "INVALID_PROFILE", message);
    });
  }

  it("is rejected with a hash of another length", () => {
    const short = hash.slice(0, -2);
    expectError(() => parseLinkedProfile(content, short), "INVALID_PROFILE", /SHA-256/);
  });
});
