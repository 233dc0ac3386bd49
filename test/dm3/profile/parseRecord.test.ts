import { expect } from "chai";
import fc from "fast-check";
import { parseRecord } from "../../../src/dm3/profile/parseRecord.js";
import {
  parseDeliveryServiceProfile,
  parseSignedUserProfile,
} from "../../../src/dm3/profile/profile.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { expectError } from "../../expectError.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };
import profiles from "../../vectors/profiles.json" with { type: "json" };
import { alice } from "./sampleProfiles.js";

const text = JSON.stringify(alice);
const base64 = Buffer.from(text).toString("base64");
const hash = profiles.dm3Hash.alice;

/** The JSON in a record, which has to be a data URI. */
function jsonOf(record: string): unknown {
  const parsed = parseRecord(record);
  if (parsed.kind !== "data") throw new Error(`a data URI was expected, not ${parsed.kind}`);
  return parsed.json;
}

/** What we make of each of the reference's text records; those not named here we read as the reference does. */
const acceptedBeyondTheReference: Record<string, unknown> = {
  "percent-encoded (allowed by the spec)": alice,
  "pretty-printed JSON with newlines": alice,
  "non-ASCII (U+00DF, U+00F1) raw in the record": {
    ...alice,
    profile: { ...alice.profile, deliveryServices: ["dß-ñ.example.eth"] },
  },
};

describe("user profile records", () => {
  for (const { name, textRecord, reference } of profiles.textRecords) {
    const ours = acceptedBeyondTheReference[name];
    if (ours !== undefined) {
      it(`are accepted, which the reference rejects or corrupts: ${name}`, () => {
        expect("value" in reference ? reference.value : undefined).not.to.deep.equal(ours);
        expect(parseSignedUserProfile(jsonOf(textRecord))).to.deep.equal(ours);
      });
    } else if ("value" in reference) {
      it(`are accepted as by the reference: ${name}`, () => {
        expect(parseSignedUserProfile(jsonOf(textRecord))).to.deep.equal(reference.value);
      });
    } else {
      it(`are rejected as by the reference: ${name}`, () => {
        expectError(
          () => parseSignedUserProfile(jsonOf(textRecord)),
          "INVALID_PROFILE",
          /unknown field|not a DM3 profile|does not hold JSON/,
        );
      });
    }
  }

  for (const [form, record] of [
    ["charset", `data:application/json;charset=utf-8,${text}`],
    ["quoted charset in capitals", `data:application/json;charset="UTF-8",${text}`],
    ["charset and base64", `data:application/json;charset=utf-8;base64,${base64}`],
    ["another parameter", `data:application/json;version=1;base64,${base64}`],
    ["capitals", `DATA:Application/JSON;BASE64,${base64}`],
    ["base64 without padding", `data:application/json;base64,${base64.replace(/=+$/, "")}`],
    ["base64 in lines", `data:application/json;base64,${base64.replace(/(.{76})/g, "$1\r\n")}`],
    ["base64, percent-encoded", `data:application/json;base64,${encodeURIComponent(base64)}`],
    ["white space around it", `\n data:application/json, ${text} \n`],
    ["percent encoding of quotes only", `data:application/json,${text.replaceAll('"', "%22")}`],
    ["a byte order mark", `data:application/json,\ufeff${text}`],
  ] as const) {
    it(`are accepted with ${form}`, () => {
      expect(jsonOf(record)).to.deep.equal(alice);
    });
  }

  for (const [fault, record, message] of [
    ["nothing", "", /not a DM3 profile/],
    ["another scheme", "mailto:a@example.org", /not a DM3 profile/],
    ["no comma", "data:application/json", /needs a comma/],
    ["no media type", `data:,${text}`, /does not hold JSON/],
    ["a charset other than UTF-8", `data:application/json;charset=utf-16,${text}`, /UTF-8/],
    ["JSON cut short", `data:application/json,${text.slice(0, -1)}`, /not JSON/],
    ["no content", "data:application/json,", /not JSON/],
    ["broken percent encoding", "data:application/json,%7B%2", /neither JSON nor percent/],
    ["percent-encoded Latin-1", "data:application/json,%7B%22a%22:%22%DF%22%7D", /neither JSON/],
    ["percent-encoded nonsense", "data:application/json,%7B", /not JSON/],
    ["base64 with another letter", `data:application/json;base64,${base64}!`, /says base64/],
    ["base64 of Latin-1", "data:application/json;base64,Int9Ig3f", /not UTF-8/],
    ["base64 of something else", "data:application/json;base64,AAAA", /not JSON/],
    ["32,769 characters", `data:application/json,${" ".repeat(32_747)}`, /longer than 32768/],
  ] as const) {
    it(`are rejected with ${fault}`, () => {
      expectError(() => parseRecord(record), "INVALID_PROFILE", message);
    });
  }

  it("are not percent-decoded when they are JSON as they stand", () => {
    const json = { url: "https://relay.example/%2Fds%22" };
    expect(jsonOf(`data:application/json,${JSON.stringify(json)}`)).to.deep.equal(json);
  });

  it("hold any JSON in each of the four forms", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 2, values: [fc.string(), fc.integer()] }), (json) => {
        const written = JSON.stringify(json);
        const expected: unknown = JSON.parse(written);
        for (const content of [
          written,
          encodeURIComponent(written),
          JSON.stringify(json, null, 1),
        ]) {
          expect(jsonOf(`data:application/json,${content}`)).to.deep.equal(expected);
        }
        const inBase64 = Buffer.from(written).toString("base64");
        expect(jsonOf(`data:application/json;base64,${inBase64}`)).to.deep.equal(expected);
      }),
    );
  });

  it("fail in one way only, whatever the text is", () => {
    const record = encodeProfileRecord(alice);
    const cut = fc
      .tuple(fc.nat(record.length), fc.string())
      .map(([at, put]) => record.slice(0, at) + put);
    fc.assert(
      fc.property(fc.oneof(fc.string(), cut), (anything) => {
        try {
          parseRecord(anything);
        } catch (error) {
          expect(error).to.have.property("code", "INVALID_PROFILE");
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("delivery service records", () => {
  for (const { name, textRecord, reference } of services.cases) {
    if (textRecord?.startsWith("data:") !== true) continue;
    it(`are judged as by the reference: ${name}`, () => {
      const parse = (): unknown => parseDeliveryServiceProfile(jsonOf(textRecord));
      if (reference !== null && "url" in reference) expect(parse()).to.deep.equal(reference);
      else expectError(parse, "INVALID_PROFILE", /unknown field|is missing/);
    });
  }
});

describe("records that link to a profile", () => {
  for (const { name, textRecord } of [...profiles.linkRecords, services.cases[1]!]) {
    it(`say where it is and what it hashes to: ${name}`, () => {
      const digits = /dm3Hash=(?:0x)?(.*)/.exec(textRecord!)?.[1];
      const dm3Hash = digits === undefined ? null : `0x${digits}`;
      expect(parseRecord(textRecord!)).to.deep.equal({ kind: "https", url: textRecord, dm3Hash });
    });
  }

  it("may write the hash in capitals, without 0x, among other parameters", () => {
    const digits = hash.slice(2).toUpperCase();
    const url = `https://host.example/p?a=1&dm3Hash=${digits}&b=2`;
    expect(parseRecord(url)).to.deep.equal({ kind: "https", url, dm3Hash: hash });
  });

  it("may use http on a loopback host", () => {
    const url = `http://127.0.0.1:3000/p?dm3Hash=${hash}`;
    expect(parseRecord(url)).to.deep.equal({ kind: "https", url, dm3Hash: hash });
  });

  for (const [fault, record, message] of [
    ["http to another host", `http://host.example/p?dm3Hash=${hash}`, /loopback/],
    ["a password", `https://a:b@host.example/p?dm3Hash=${hash}`, /user name/],
    ["a short hash", "https://host.example/p?dm3Hash=0x1234", /dm3Hash .* not a SHA-256/],
    ["an empty hash", "https://host.example/p?dm3Hash=", /dm3Hash .* not a SHA-256/],
    ["two hashes", `https://host.example/p?dm3Hash=${hash}&dm3Hash=${hash}`, /more than once/],
  ] as const) {
    it(`are rejected with ${fault}`, () => {
      expectError(() => parseRecord(record), "INVALID_PROFILE", message);
    });
  }
});

describe("records that name a profile on IPFS", () => {
  // The CID of the text "hello world" plus a line end, as `ipfs add` prints it, and of it as a raw block.
  const v0 = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";
  const v1 = "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4";

  for (const [form, record, cid] of [
    ["version 0", `ipfs://${v0}`, v0],
    ["version 1", `ipfs://${v1}`, v1],
    ["a scheme in capitals", `IPFS://${v1}`, v1],
    ["the folder /ipfs", `ipfs://ipfs/${v0}`, v0],
    ["a slash at the end", `ipfs://${v1}/`, v1],
  ] as const) {
    it(`give the CID with ${form}`, () => {
      expect(parseRecord(record)).to.deep.equal({ kind: "ipfs", cid });
    });
  }

  for (const [fault, record, message] of [
    ["a path", `ipfs://${v1}/profile.json`, /not a path/],
    ["no CID", "ipfs://", /CID of the profile/],
    ["one letter missing", `ipfs://${v1.slice(0, -1)}`, /valid CID/],
    ["something else", "ipfs://hello", /valid CID/],
    // base58 takes quadratic time: decoding this would block the process for seconds
    ["a CID as long as a record may be", `ipfs://Qm${"2".repeat(32_000)}`, /longer than any CID/],
  ] as const) {
    it(`are rejected with ${fault}`, () => {
      expectError(() => parseRecord(record), "INVALID_PROFILE", message);
    });
  }
});
