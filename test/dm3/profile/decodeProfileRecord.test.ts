/** Records that somebody has at hand: the profile in them, a link to one, or what no client accepts. */
import { expect } from "chai";
import { signUp } from "../../../src/demo/people.js";
import { decodeProfileRecord } from "../../../src/dm3/profile/decodeProfileRecord.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { expectError } from "../../expectError.js";

describe("dm3/profile/decodeProfileRecord", () => {
  it("reads what encodeProfileRecord makes, also in base64", async () => {
    const { signedUserProfile } = await signUp(["relay.example.eth", "second.example.eth"]);
    const record = encodeProfileRecord(signedUserProfile);
    const json = record.slice(record.indexOf(",") + 1);
    const base64 = `data:application/json;base64,${Buffer.from(json).toString("base64")}`;
    for (const text of [record, base64]) {
      expect(decodeProfileRecord(text)).to.deep.equal(signedUserProfile);
    }
  });

  it("tells a profile that is kept elsewhere", () => {
    expect(decodeProfileRecord("https://a.example/profile.json")).to.equal(null);
    const cid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    expect(decodeProfileRecord(`ipfs://${cid}`)).to.equal(null);
  });

  it("refuses what no client accepts, and says why", () => {
    const json = (text: string) => `data:application/json,${text}`;
    for (const [text, sentence] of [
      ["", /not a DM3 profile/],
      ["data:,{}", /does not hold JSON/],
      [json("{"), /./],
      [json("null"), /must be a JSON object/],
      [json('{"profile":{}}'), /publicEncryptionKey/],
      [json('{"profile":null}'), /profile .*must be a JSON object/],
    ] as const) {
      expectError(() => decodeProfileRecord(text), "INVALID_PROFILE", sentence);
    }
  });
});
