import { validateSignedUserProfile } from "@dm3-org/dm3-lib-profile";
import { expect } from "chai";
import {
  parseDeliveryServiceProfile,
  parseSignedUserProfile,
  parseUserProfile,
} from "../../../src/dm3/profile/profile.js";
import { expectError } from "../../expectError.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };
import { alice, people } from "./sampleProfiles.js";

const key = alice.profile.publicEncryptionKey;
const deliveryService = services.deliveryServices[0]!.profile;
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}.eth`);

/** Alice's signed profile with one field of the inner profile replaced. */
function withField(field: string, value: unknown): unknown {
  return { ...alice, profile: { ...alice.profile, [field]: value } };
}

describe("signed user profile", () => {
  for (const [name, { signedUserProfile, profile }] of Object.entries(people)) {
    it(`of ${name} is read as it is`, () => {
      expect(parseSignedUserProfile(signedUserProfile)).to.deep.equal(signedUserProfile);
      expect(parseUserProfile(profile)).to.deep.equal(profile);
    });
  }

  for (const field of ["publicEncryptionKey", "publicSigningKey"]) {
    for (const [rule, value, message] of [
      ["is missing", undefined, /is missing/],
      ["is null", null, /must be a string/],
      ["is empty", "", /exactly 32 bytes/],
      ["has 31 bytes", Buffer.alloc(31).toString("base64"), /exactly 32 bytes/],
      ["has 33 bytes", Buffer.alloc(33).toString("base64"), /exactly 32 bytes/],
      ["has no padding", key.slice(0, -1), /canonical base64/],
      ["has unused bits set", `${"A".repeat(42)}B=`, /canonical base64/],
      ["has a line end", `${key}\n`, /canonical base64/],
      ["uses the alphabet for URLs", `${"_".repeat(42)}A=`, /canonical base64/],
    ] as const) {
      it(`is refused when ${field} ${rule}`, () => {
        const parse = (): unknown => parseSignedUserProfile(withField(field, value));
        expectError(parse, "INVALID_PROFILE", message);
        expectError(parse, "INVALID_PROFILE", new RegExp(`field profile.${field} of`));
      });
    }
  }

  for (const [rule, value, message] of [
    ["is missing", undefined, /deliveryServices of .* is missing/],
    ["is a string", "ds.eth", /array of ENS names/],
    ["is empty", [], /at least one relay node/],
    ["has 17 names", names(17), /more than 16 relay nodes/],
    ["has 100,000 names", names(100_000), /more than 16 relay nodes/],
    ["holds a number", [1], /deliveryServices\.0 of .* must be a string/],
    ["holds a single label", ["eth"], /at least two labels/],
    ["holds an empty name", [""], /at least two labels/],
    ["holds an empty label", ["ds..eth"], /deliveryServices\.0 .*empty label/],
    ["ends with a dot", ["ds.eth."], /deliveryServices\.0 .*empty label/],
    ["holds upper case", ["a.eth", "DS.eth"], /deliveryServices\.1 .*ENSIP-15/],
    ["holds a name without normal form", ["d s.eth"], /deliveryServices\.0 .*ENSIP-15/],
    ["holds a label of 256 bytes", [`${"a".repeat(256)}.eth`], /deliveryServices\.0 .*256 bytes/],
    ["holds a name of 256 characters", [`${"a.".repeat(126)}aeth`], /deliveryServices\.0 .*255/],
    ["holds a name of a megabyte", [`${"a".repeat(1e6)}.eth`], /deliveryServices\.0 .*1022/],
    ["repeats a name", ["a.eth", "b.eth", "a.eth"], /deliveryServices\.2 .*listed before/],
  ] as const) {
    it(`is refused when deliveryServices ${rule}`, () => {
      const json = withField("deliveryServices", value);
      expectError(() => parseSignedUserProfile(json), "INVALID_PROFILE", message);
    });
  }

  it("may list 16 relay nodes, also in other scripts", () => {
    const json = withField("deliveryServices", [...names(15), "dß-ñ.example.eth"]);
    expect(parseSignedUserProfile(json)).to.deep.equal(json);
  });

  for (const [rule, signature, message] of [
    ["is missing", undefined, /is missing/],
    ["is a number", 1, /must be a string/],
    ["has 64 bytes", alice.signature.slice(0, -2), /65 bytes/],
    ["has 66 bytes", `${alice.signature}00`, /65 bytes/],
    ["has no 0x", alice.signature.slice(2), /65 bytes/],
    ["holds another letter", alice.signature.replace(/.$/, "g"), /65 bytes/],
  ] as const) {
    it(`is refused when the signature ${rule}`, () => {
      const parse = (): unknown => parseSignedUserProfile({ ...alice, signature });
      expectError(parse, "INVALID_PROFILE", message);
      expectError(parse, "INVALID_PROFILE", /field signature of/);
    });
  }

  for (const [rule, json] of [
    ["the wrapper", { ...alice, x: 1 }],
    ["the profile", withField("mutableProfileExtensionUrl", "https://x")],
    [
      "the wrapper, named __proto__",
      JSON.parse(JSON.stringify(alice).replace("{", '{"__proto__":1,')),
    ],
  ] as [string, unknown][]) {
    it(`is refused with one field more in ${rule}, as by the reference`, () => {
      expectError(() => parseSignedUserProfile(json), "INVALID_PROFILE", /unknown field/);
      expect(validateSignedUserProfile(json as never)).to.equal(false);
    });
  }

  it("names an unknown field in part only when it is long", () => {
    const json = { ...alice, ["x".repeat(10_000)]: 1 };
    expectError(() => parseSignedUserProfile(json), "INVALID_PROFILE", /^.{40,250}$/);
  });

  for (const json of [null, undefined, [], "text", 1, alice.profile]) {
    it(`is refused as ${JSON.stringify(json) || "undefined"}`, () => {
      const message = /JSON object|field profile|unknown field/;
      expectError(() => parseSignedUserProfile(json), "INVALID_PROFILE", message);
    });
  }
});

describe("delivery service profile", () => {
  for (const { ensName, profile } of services.deliveryServices) {
    it(`of ${ensName} is read as it is`, () => {
      expect(parseDeliveryServiceProfile(profile)).to.deep.equal(profile);
    });
  }

  for (const [field, value, message] of [
    ["publicEncryptionKey", undefined, /publicEncryptionKey of .* is missing/],
    ["publicEncryptionKey", "AA==", /publicEncryptionKey .* exactly 32 bytes/],
    ["publicSigningKey", undefined, /publicSigningKey of .* is missing/],
    ["publicSigningKey", "AA==", /publicSigningKey .* exactly 32 bytes/],
    ["url", undefined, /url of .* is missing/],
    ["url", 1, /url .* must be a string/],
    ["url", "http://relay.example/ds", /url .* https/],
    ["url", `https://relay.example/${"a".repeat(2048)}`, /url .* 2048 characters/],
    ["url", "https://relay.example/ds?key=1", /url .* must not have a query/],
    ["version", "1", /unknown field "version"/],
  ] as const) {
    it(`is refused with the ${field} ${String(value).slice(0, 30)}`, () => {
      const json = { ...deliveryService, [field]: value };
      expectError(() => parseDeliveryServiceProfile(json), "INVALID_PROFILE", message);
    });
  }

  it("is refused in the wrapper of a user's profile", () => {
    const json = { profile: deliveryService, signature: "0x" };
    expectError(
      () => parseDeliveryServiceProfile(json),
      "INVALID_PROFILE",
      /publicEncryptionKey .* is missing/,
    );
  });
});
