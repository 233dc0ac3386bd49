import { ens_normalize } from "@adraffy/ens-normalize";
import {
  JsonResolver,
  PROFILE_RECORD_NAME,
  validateSignedUserProfile,
} from "@dm3-org/dm3-lib-profile";
import { expect } from "chai";
import fc from "fast-check";
import { parseRecord } from "../../../src/dm3/profile/parseRecord.js";
import {
  DM3_DELIVERY_SERVICE_KEY,
  DM3_PROFILE_KEY,
  encodeDeliveryServiceRecord,
  encodeProfileRecord,
} from "../../../src/dm3/profile/profileRecord.js";
import { expectError } from "../../expectError.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };
import profiles from "../../vectors/profiles.json" with { type: "json" };
import { alice, signedByAlice } from "./sampleProfiles.js";

const reference = JsonResolver(validateSignedUserProfile);
/** Names in ASCII, in Latin letters beyond it, and in another script. */
const anyName = fc
  .stringMatching(/^(?:[a-j0-9]{1,15}|[a-zßñü]{1,15}|[あいうえお]{1,15})\.eth$/)
  .filter((name) => ens_normalize(name) === name);

describe("profile records that we publish", () => {
  // The reference writes a line to the console for every record that it reads.
  const logLevel = process.env["LOG_LEVEL"];
  before(() => {
    process.env["LOG_LEVEL"] = "error";
  });
  after(() => {
    if (logLevel === undefined) delete process.env["LOG_LEVEL"];
    else process.env["LOG_LEVEL"] = logLevel;
  });

  it("stand under dm3's keys", () => {
    expect(DM3_PROFILE_KEY).to.equal(PROFILE_RECORD_NAME).and.to.equal(profiles.ensText);
    expect(DM3_DELIVERY_SERVICE_KEY).to.equal(services.ensText);
  });

  it("have the reference's form for a user", () => {
    expect(encodeProfileRecord(alice)).to.equal(profiles.textRecords[0]!.textRecord);
  });

  for (const { ensName, profile, textRecord } of services.deliveryServices) {
    it(`have the reference's form for the delivery service ${ensName}`, () => {
      expect(encodeDeliveryServiceRecord(profile)).to.equal(textRecord);
    });
  }

  it("are in base64 as soon as a letter is beyond ASCII, because the reference corrupts it raw", () => {
    const deliveryServices = ["dß-ñ.example.eth"];
    const record = encodeProfileRecord({
      ...alice,
      profile: { ...alice.profile, deliveryServices },
    });
    const vector = profiles.textRecords.find(({ name }) => name.startsWith("same non-ASCII"))!;
    expect(record).to.equal(vector.textRecord);
  });

  it("are read by the reference and by us as what was published", async () => {
    const names = fc.uniqueArray(anyName, { minLength: 1, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(names, async (deliveryServices) => {
        const signed = signedByAlice({ ...alice.profile, deliveryServices });
        const record = encodeProfileRecord(signed);
        expect(record).to.match(/^[\x20-\x7e]+$/);
        expect(parseRecord(record)).to.deep.equal({ kind: "data", json: signed });
        expect(reference.isProfile(record)).to.equal(true);
        expect(await reference.resolveProfile(record)).to.deep.equal(signed);
      }),
      { numRuns: 25 },
    );
  });

  it("are never made of a profile that no reader would take", () => {
    const profile = { ...alice.profile, deliveryServices: [] };
    expectError(
      () => encodeProfileRecord({ ...alice, profile }),
      "INVALID_PROFILE",
      /at least one relay node/,
    );
    const service = { ...services.deliveryServices[0]!.profile, url: "http://relay.example" };
    expectError(() => encodeDeliveryServiceRecord(service), "INVALID_PROFILE", /https/);
  });
});
