/** Profiles as the service writes them, read for people; and that nothing else is taken for one. */
import { expect } from "chai";
import { signUp } from "../../../src/demo/people.js";
import { encodeProfileRecord } from "../../../src/sdk/index.js";
import { hasProfile, PROFILE_KEY, profileIn } from "../../../src/web/admin-page/dm3Records.js";

describe("web/admin-page/dm3Records", () => {
  it("reads what the service writes", async () => {
    const { signedUserProfile } = await signUp(["relay.example.eth", "second.example.eth"]);
    const { publicEncryptionKey, publicSigningKey } = signedUserProfile.profile;
    const record = encodeProfileRecord(signedUserProfile);
    const base64 = `data:application/json;base64,${Buffer.from(record.slice(record.indexOf(",") + 1)).toString("base64")}`;
    for (const text of [record, base64]) {
      expect(profileIn({ [PROFILE_KEY]: text })).to.deep.equal({
        ...{ publicEncryptionKey, publicSigningKey },
        relayNodes: ["relay.example.eth", "second.example.eth"],
      });
    }
  });

  it("tells a profile that it cannot read from none", () => {
    const others = ["", "https://a.example/profile.json", "data:application/json,{", "data:,{}"];
    const parts = [
      '{"profile":{}}',
      '{"profile":null}',
      "null",
      '{"profile":{"publicSigningKey":1}}',
    ];
    for (const text of [...others, ...parts.map((part) => `data:application/json,${part}`)]) {
      const texts = { [PROFILE_KEY]: text };
      expect(profileIn(texts), text).to.equal(null);
      expect(hasProfile(texts)).to.equal(true);
    }
    expect(hasProfile({ avatar: "x" })).to.equal(false);
    expect(profileIn({})).to.equal(null);
  });
});
