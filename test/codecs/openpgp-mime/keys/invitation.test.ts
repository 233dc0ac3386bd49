import { expect } from "chai";
import {
  readInvitation,
  writeInvitation,
} from "../../../../src/codecs/openpgp-mime/keys/invitation.js";
import { expectError } from "../../../expectError.js";

const INVITATION = {
  ...{ fingerprint: "A8".repeat(20), address: "alice@mail.test", name: "Alice & Söhne #1" },
  ...{ invitationNumber: "ZjX0aBcDeFg", authentication: "s3cret-Token_" },
};

describe("invitation links", () => {
  it("come back as they were written", () => {
    const link = writeInvitation(INVITATION);
    expect(link).to.match(/^OPENPGP4FPR:(?:A8){20}#v=3&/);
    expect(readInvitation(link)).to.deep.equal(INVITATION);
  });

  it("are read as web links, too", () => {
    const [, fingerprint, query] = /:(.*)#(.*)/.exec(writeInvitation(INVITATION))!;
    const web = `https://i.delta.chat/#${fingerprint!.toLowerCase()}&${query!}`;
    expect(readInvitation(web)).to.deep.equal(INVITATION);
  });

  for (const [what, change, sentence] of [
    ["of another version", ["v=3", "v=2"], /older kind/],
    ["without the invitation's number", ["&i=", "&x="], /secrets/],
    ["without the secret", ["&s=", "&x="], /secrets/],
    ["without an address", ["&a=", "&x="], /address/],
    ["with a shorter fingerprint", ["A8#", "#"], /none of a person/],
    ["of a group", ["#", "#g=x#"], /none of a person/],
  ] as const) {
    it(`are refused ${what}`, () => {
      const link = writeInvitation(INVITATION).replace(change[0], change[1]);
      expectError(() => readInvitation(link), "INVALID_REQUEST", sentence);
    });
  }
});
