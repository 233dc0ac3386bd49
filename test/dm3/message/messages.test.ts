/** Messages of every type: the reference's, ours, and what is none. */
import { expect } from "chai";
import { MESSAGE_TYPES } from "../../../src/dm3/message/message.js";
import { unsignedMessage } from "../../../src/dm3/message/messageContent.js";
import { assertMessageSigned, signMessage } from "../../../src/dm3/message/messageSignature.js";
import { parseMessage } from "../../../src/dm3/message/receivedMessage.js";
import { dm3Hash, stringify } from "../../../src/dm3/stringify.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { expectError, expectRejection } from "../../expectError.js";
import vectors from "../../vectors/messages.json" with { type: "json" };
import { people } from "../profile/sampleProfiles.js";
import { changed, keysOf, shown } from "./sampleEnvelopes.js";

const alice = people.alice.profile;
const reference = `0x${"ab".repeat(32)}`;

describe("messages", () => {
  for (const { name, message, signedString, messageHash } of vectors.valid) {
    it(`are read, hashed and verified as by the reference: ${name}`, async () => {
      const received = parseMessage(JSON.stringify(message));
      expect(received.signedText).to.equal(signedString);
      expect(received.messageHash).to.equal(messageHash);
      await assertMessageSigned(nodeEngine, alice, received);
    });

    it(`are written and signed as by the reference: ${name}`, async () => {
      const { content, from, to, timestampMs } = parseMessage(JSON.stringify(message));
      if (content.type === "UNKNOWN") throw new Error("the reference knows no such type");
      const { signingKey } = await keysOf(nodeEngine, "alice");
      const unsigned = unsignedMessage({ ...content, from, to, timestampMs });
      const signed = await signMessage(signingKey, unsigned);
      expect(signed).to.deep.equal(message);
      expect(dm3Hash(signed)).to.equal(messageHash);
    });
  }

  for (const { name, message, ensName } of vectors.negative) {
    if (ensName !== undefined) continue; // decodeMessage compares names
    it(`are refused as by the reference: ${name}`, async () => {
      const received = parseMessage(JSON.stringify(message));
      const check = assertMessageSigned(nodeEngine, alice, received);
      await expectRejection(check, "WRONG_MESSAGE_SIGNATURE", /alice\.eth/);
    });
  }

  it("are of any of these types", () => {
    const base = { from: "alice.eth", to: "bob.eth", timestampMs: 1, text: "text", reference };
    for (const type of MESSAGE_TYPES) {
      const { message, metadata, ...rest } = unsignedMessage({ ...base, type });
      expect(metadata.type).to.equal(type);
      expect(metadata.referenceMessageHash).to.equal(type === "NEW" ? undefined : reference);
      const signed = {
        ...rest,
        metadata,
        ...(message !== undefined && { message }),
        signature: "",
      };
      expect(parseMessage(stringify(signed)).content).to.include({ type });
    }
  });

  it("write names in normal form", () => {
    const { metadata } = unsignedMessage({
      ...{ type: "NEW", text: "", from: "ALICE.eth", timestampMs: 1 },
      to: "0xABCDEF.addr.dm3.eth",
    });
    expect(metadata).to.include({ from: "alice.eth", to: "0xabcdef.addr.dm3.eth" });
  });

  for (const [what, change, code] of [
    ["a time that is none", { timestampMs: NaN }, "INVALID_REQUEST"],
    ["a time with fractions", { timestampMs: 1.5 }, "INVALID_REQUEST"],
    ["a time before 1970", { timestampMs: -1 }, "INVALID_REQUEST"],
    ["a reference that is none", { reference: "0xab" }, "INVALID_REQUEST"],
    ["no text", { text: undefined }, "INVALID_REQUEST"],
    ["attachments that are no list", { attachments: "data:,a" }, "INVALID_REQUEST"],
    ["an attachment without data", { attachments: [{ name: "a.txt" }] }, "INVALID_REQUEST"],
    ["an attachment that is none", { attachments: [null] }, "INVALID_REQUEST"],
    ["a type that there is not", { type: "WAVE" }, "INVALID_REQUEST"],
    ["a name that ENS cannot have", { to: "bob..eth" }, "INVALID_NAME"],
  ] as const) {
    it(`are not made with ${what}`, () => {
      const base = { type: "EDIT", text: "", from: "alice.eth", to: "bob.eth", timestampMs: 1 };
      const given = { ...base, reference, ...change } as Parameters<typeof unsignedMessage>[0];
      expectError(() => unsignedMessage(given), code, /./);
    });
  }

  const [sample] = vectors.valid;

  it("of an unknown type are told as such, with their text", () => {
    const linked = changed(sample!.message, ["metadata", "type"], "LINK");
    const more = changed(linked, ["metadata", "link"], { profileName: "a.eth", deep: [{}] });
    const received = parseMessage(JSON.stringify(more));
    expect(received.content).to.deep.equal({
      type: "UNKNOWN",
      typeName: "LINK",
      text: "Hello Bob",
    });
    expect(received.signedText).to.include('"link":{"deep":[{}],"profileName":"a.eth"}');
  });

  it("of the specification are read as well: its receipt, and attachments that are bare URIs", () => {
    const receipt = changed(vectors.valid[5]!.message, ["metadata", "type"], "READ_RECEIPT");
    expect(parseMessage(JSON.stringify(receipt)).content).to.deep.equal({
      ...{ type: "READ_OPENED", reference },
    });
    const attached = { ...sample!.message, attachments: ["data:,a"] };
    expect(parseMessage(JSON.stringify(attached)).content).to.deep.equal({
      ...{ type: "NEW", text: "Hello Bob", attachments: [{ data: "data:,a" }] },
    });
  });

  for (const [field, value] of [
    ["metadata", undefined],
    ["metadata", []],
    ["metadata.to", 7],
    ["metadata.from", undefined],
    ["metadata.from", "a".repeat(1023)],
    ["metadata.timestamp", "1"],
    ["metadata.timestamp", -1],
    ["metadata.type", null],
    ["metadata.type", "T".repeat(65)],
    ["metadata.referenceMessageHash", "0xab"],
    ["metadata.referenceMessageHash", undefined],
    ["metadata.replyDeliveryInstruction", {}],
    ["message", 7],
    ["attachments", {}],
    ["attachments", Array(1001).fill("data:,")],
    ["signature", undefined],
    ["signature", "A".repeat(89)],
  ] as const) {
    it(`are malformed with ${field} = ${shown(value)}`, () => {
      const edit = changed(sample!.message, ["metadata"], {
        ...sample!.message.metadata,
        ...{ type: "EDIT", referenceMessageHash: reference },
      });
      const wrong = changed(edit, field.split("."), value);
      const parse = () => parseMessage(JSON.stringify(wrong));
      const error = expectError(parse, "MESSAGE_MALFORMED", new RegExp(field.replace(".", "\\.")));
      expect(error.details).to.deep.equal({ field });
    });
  }

  for (const text of ["", "null", "[]", '"text"', "{", "7"]) {
    it(`are malformed when they are ${JSON.stringify(text)}`, () => {
      expectError(() => parseMessage(text), "MESSAGE_MALFORMED", /JSON/);
    });
  }

  it("are malformed when nobody could write their canonical form", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const text = JSON.stringify({ ...sample!.message, x: 0 }).replace('"x":0', `"x":${deep}`);
    expectError(() => parseMessage(text), "MESSAGE_MALFORMED", /nested/);
  });

  it("have every field under their signature, known or not", async () => {
    const message = { ...vectors.valid[1]!.message };
    const changes: readonly (readonly [string, unknown])[] = [
      ["message", "see File"],
      ["attachments.0.data", "data:text/plain;base64,aGo="],
      ["attachments.0.name", "b.txt"],
      ["attachments", undefined],
      ["metadata.to", "bob.eth "],
      ["metadata.from", "alice.eth "],
      ["metadata.timestamp", 1729000001001],
      ["metadata.type", "REPLY2"],
      ["metadata.more", 1],
      ["more", 1],
      ["signature", vectors.valid[0]!.message.signature],
    ];
    await assertMessageSigned(nodeEngine, alice, parseMessage(JSON.stringify(message)));
    for (const [path, value] of changes) {
      const flipped = JSON.parse(JSON.stringify(message)) as Record<string, never>;
      const keys = path.split(".");
      const last = keys.pop()!;
      const holder = keys.reduce<Record<string, unknown>>((at, key) => at[key] as never, flipped);
      holder[last] = value;
      const check = assertMessageSigned(nodeEngine, alice, parseMessage(JSON.stringify(flipped)));
      await expectRejection(check, "WRONG_MESSAGE_SIGNATURE", /not signed/);
    }
    const received = parseMessage(JSON.stringify(message));
    const others = assertMessageSigned(nodeEngine, people.bob.profile, received);
    await expectRejection(others, "WRONG_MESSAGE_SIGNATURE", /not signed/);
  });
});
