import { expect } from "chai";
import * as openpgp from "openpgp";
import type { MessageId } from "../../../src/codecs/openpgp-mime/content/mailContent.js";
import { encryptedEntity } from "../../../src/codecs/openpgp-mime/encryptedEntity.js";
import { readEncryptedMail } from "../../../src/codecs/openpgp-mime/encryptedMail.js";
import {
  answerInvitation,
  confirmInvitation,
} from "../../../src/codecs/openpgp-mime/invitationAnswer.js";
import { expectError, expectRejection } from "../../expectError.js";
import { mailOf, MailUser, newText } from "./mailUser.js";

const ALICE = "alice@mail.test";

describe("answering an invitation", () => {
  let carol: MailUser;
  let alice: MailUser;
  let invitation: Parameters<typeof answerInvitation>[1];
  let secret: string;

  before(async () => {
    [carol, alice] = (await Promise.all(
      ["carol.eth@mail.test", ALICE].map((one) => MailUser.make(one)),
    )) as [MailUser, MailUser];
    invitation = {
      ...{ fingerprint: carol.key.fingerprint, address: carol.address, name: "Carol" },
      ...{ invitationNumber: "number-1", authentication: "secret-1" },
    };
    secret = `securejoin/${carol.key.fingerprint}/secret-1`;
  });

  const identity = () => ({
    ...{ from: carol.address, dateMs: 1, messageId: "<a@mail.test>" as MessageId },
    privateKey: carol.key.privateKey,
  });

  /** The first mail, as the other side writes it. */
  async function request(step: string, passwords: string | string[], outerFrom = ALICE) {
    const inside = `From: <${ALICE}>\r\nSecure-Join: ${step}\r\n\r\nSecure-Join`;
    const armored = (await openpgp.encrypt({
      message: await openpgp.createMessage({ text: inside }),
      passwords,
      config: { aeadProtect: true, preferredAEADAlgorithm: openpgp.enums.aead.ocb },
    })) as string;
    return mailOf(outerFrom, carol.address, encryptedEntity(armored, "request"));
  }

  it("gives the certificate to whoever has the link, under the same secret", async () => {
    const mail = await request("vc-request-pubkey", secret);
    const answer = await answerInvitation(mail, invitation, identity());
    expect(answer?.to).to.equal(ALICE);
    const { message: binaryMessage } = readEncryptedMail(answer!.entity);
    const { data, signatures } = (await openpgp.decrypt({
      message: await openpgp.readMessage({ binaryMessage }),
      passwords: secret,
      verificationKeys: (await openpgp.readKey({ binaryKey: carol.certificate })).toPublic(),
    })) as {
      readonly data: string;
      readonly signatures: readonly { readonly verified: Promise<boolean> }[];
    };
    expect(await signatures[0]!.verified).to.equal(true);
    expect(data).to.include("Secure-Join: vc-pubkey\n").and.include("Secure-Join-Auth: secret-1\n");
    expect(data).to.include("Autocrypt: addr=carol.eth@mail.test;");
  });

  it("is silent to other secrets, other steps, many secrets and mails to a key", async () => {
    const { entity } = await alice.write(carol, newText("hello"));
    for (const [what, mail] of [
      ["another secret", await request("vc-request-pubkey", `${secret}x`)],
      ["another step", await request("vg-request", secret)],
      ["many secrets", await request("vc-request-pubkey", ["a", "b", "c", secret])],
      ["a key", mailOf(ALICE, carol.address, entity)],
    ] as const) {
      expect(await answerInvitation(mail, invitation, identity()), what).to.equal(null);
    }
  });

  it("refuses somebody who names another sender inside", async () => {
    const mail = await request("vc-request-pubkey", secret, "mallory@mail.test");
    const answering = answerInvitation(mail, invitation, identity());
    await expectRejection(answering, "MAIL_SENDER_MISMATCH", /inside/);
  });

  const signer = {
    fingerprint: "AB".repeat(20),
    is: "new",
    signedAtMs: 1,
    certificate: null,
  } as const;
  const fields = { authentication: "secret-1", fingerprint: "ab".repeat(20) };
  const third = { type: "INVITATION", step: "vc-request-with-auth", fields } as const;

  it("confirms whoever shows the secret and signed with the key that they name", () => {
    expect(confirmInvitation({ content: third, signer }, invitation)).to.deep.equal({
      ...{ type: "INVITATION", step: "vc-contact-confirm", fields: {} },
    });
  });

  for (const [what, content, reason] of [
    ["another step", { ...third, step: "vc-request" }, /another step/],
    ["a text", newText("hello"), /another step/],
    ["another secret", { ...third, fields: { ...fields, authentication: "secret-2" } }, /secret/],
    ["no secret", { ...third, fields: { fingerprint: fields.fingerprint } }, /secret/],
    [
      "another key",
      { ...third, fields: { ...fields, fingerprint: "cd".repeat(20) } },
      /another key/,
    ],
    ["no key", { ...third, fields: { authentication: "secret-1" } }, /another key/],
  ] as const) {
    it(`does not confirm ${what}`, () => {
      expectError(
        () => confirmInvitation({ content, signer }, invitation),
        "INVITATION_REFUSED",
        reason,
      );
    });
  }
});
