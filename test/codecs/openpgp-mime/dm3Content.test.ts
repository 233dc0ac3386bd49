import { expect } from "chai";
import type { MailContent } from "../../../src/codecs/openpgp-mime/content/mailContent.js";
import { mailContentOf, messageContentsOf } from "../../../src/codecs/openpgp-mime/dm3Content.js";
import { keptMailIds } from "../../../src/codecs/openpgp-mime/mailIds.js";
import type { MessageContent } from "../../../src/dm3/message/messageContent.js";
import { memoryKeyValue } from "../../../src/sending/keyValue.js";
import { expectRejection } from "../../expectError.js";

const REFERENCE = `0x${"ab".repeat(32)}` as const;
const ABOUT = "<b4f1aaaaaaaaaaaa@mail.test>";
const FILE = { name: "a.txt", mediaType: "text/plain", bytes: new Uint8Array([1, 2, 3]) };
const ATTACHMENT = { name: "a.txt", data: "data:text/plain;base64,AQID" };

const PAIRS: readonly (readonly [MessageContent, MailContent])[] = [
  [
    { type: "NEW", text: "x" },
    { type: "NEW", text: "x", files: [] },
  ],
  [
    { type: "NEW", text: "x", attachments: [ATTACHMENT] },
    { type: "NEW", text: "x", files: [FILE] },
  ],
  [
    { type: "REPLY", text: "x", reference: REFERENCE },
    { type: "REPLY", text: "x", files: [], about: ABOUT, quote: "what it says" },
  ],
  [
    { type: "EDIT", text: "x", reference: REFERENCE },
    { type: "EDIT", text: "x", about: ABOUT },
  ],
  [
    { type: "REACTION", text: "👍", reference: REFERENCE },
    { type: "REACTION", text: "👍", about: ABOUT },
  ],
  [
    { type: "DELETE_REQUEST", reference: REFERENCE },
    { type: "DELETE_REQUEST", about: [ABOUT] },
  ],
  [
    { type: "READ_OPENED", reference: REFERENCE },
    { type: "READ_OPENED", about: ABOUT },
  ],
];

describe("DM3's types of messages as mails", () => {
  const ids = keptMailIds(memoryKeyValue());
  const nothing = keptMailIds(memoryKeyValue());
  before(() => ids.remember(REFERENCE, { messageId: ABOUT, text: "what it says" }));

  for (const [message, mail] of PAIRS) {
    it(`are written and read: ${message.type}${"attachments" in message ? " with a file" : ""}`, async () => {
      expect(await mailContentOf(message, ids)).to.deep.equal(mail);
      expect(await messageContentsOf(mail, ids)).to.deep.equal([message]);
    });
  }

  it("are nothing that a mail says: READ_RECEIVED and RESEND_REQUEST", async () => {
    for (const type of ["READ_RECEIVED", "RESEND_REQUEST"] as const) {
      expect(await mailContentOf({ type, reference: REFERENCE }, ids)).to.equal(null);
    }
  });

  it("are refused where they are about a message that was no mail", async () => {
    const content = { type: "REPLY", text: "x", reference: REFERENCE } as const;
    const error = await expectRejection(
      mailContentOf(content, nothing),
      "UNKNOWN_REFERENCE",
      /no mail/,
    );
    expect(error.details["reference"]).to.equal(REFERENCE);
  });

  it("are refused with an attachment that leads elsewhere", async () => {
    const content = {
      type: "NEW",
      text: "x",
      attachments: [{ data: "https://a.test/b" }],
    } as const;
    await expectRejection(mailContentOf(content, ids), "INVALID_REQUEST", /data URI/);
  });

  it("are read without what is about a mail that nobody knows; a reply keeps its quote", async () => {
    const reply = { type: "REPLY", about: ABOUT, quote: "a\nb", text: "x", files: [] } as const;
    expect(await messageContentsOf(reply, nothing)).to.deep.equal([
      { type: "NEW", text: "> a\n> b\n\nx" },
    ]);
    const reaction = { type: "REACTION", about: ABOUT, text: "👍" } as const;
    expect(await messageContentsOf(reaction, nothing)).to.deep.equal([]);
    const both = { type: "DELETE_REQUEST", about: [ABOUT, "<other@mail.test>"] } as const;
    expect(await messageContentsOf(both, ids)).to.deep.equal([
      { type: "DELETE_REQUEST", reference: REFERENCE },
    ]);
  });

  it("keep the first pair of a mail and a message", async () => {
    const other = `0x${"cd".repeat(32)}` as const;
    await ids.remember(other, { messageId: ABOUT, text: "other" });
    expect(await ids.hashOf(ABOUT)).to.equal(REFERENCE);
    await ids.remember(REFERENCE, { messageId: "<other2@mail.test>", text: "other" });
    expect(await ids.mailOf(REFERENCE)).to.deep.equal({ messageId: ABOUT, text: "what it says" });
  });
});
