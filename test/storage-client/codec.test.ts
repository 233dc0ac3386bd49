/** Names and containers between us and dm3's own library, npm 1.7.1, in both directions, by each engine. */
import { createMessage } from "@dm3-org/dm3-lib-messaging";
import { sha256, stringify } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import fc from "fast-check";
import { decodeBase64, encodeBase64 } from "../../src/dm3/base64.js";
import { signMessage } from "../../src/dm3/message/messageSignature.js";
import {
  containerOfReceived,
  containerOfSent,
  inState,
  readContainer,
} from "../../src/storage-client/codec/container.js";
import { openContainer, sealContainer } from "../../src/storage-client/codec/sealedContainer.js";
import { nameSeal } from "../../src/storage-client/codec/sealedName.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { stockContainer, stockStorage } from "./stockStorage.js";

const { alice, bob } = people;
const ACCOUNT = `${alice.address.toLowerCase()}.addr.example.eth`;
const CONTACT = `${bob.address.toLowerCase()}.addr.example.eth`;
const privateKey = decodeBase64(alice.keys.encryptionKeyPair.privateKey);
const stock = stockStorage(alice.keys, ACCOUNT);
const NAMES = [CONTACT, "bob.eth", "größe.eth", "", `["${CONTACT}"]`, "a".repeat(5_000)];

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`what a storage keeps, by the engine ${name}`, () => {
    const seal = nameSeal(engine, privateKey, ACCOUNT);

    it("names are sealed as dm3's library seals them, byte for byte, and opened", async () => {
      for (const text of NAMES) {
        const sealed = await stock.sealName(text);
        expect(await seal.seal(text)).to.equal(sealed);
        expect(await seal.open(sealed)).to.equal(text);
        expect(await stock.openName(await seal.seal(text))).to.equal(text);
      }
    });

    it("containers go both ways", async () => {
      const keys = await keysOf(engine, "alice");
      const message = await createMessage(
        ...(["bob.eth", "alice.eth", "Grüße 👋", alice.keys.signingKeyPair.privateKey] as const),
      );
      const container = stockContainer(message);
      const opened = await openContainer([keys], await stock.sealContainer(container));
      expect(opened).to.equal(stringify(container));
      const again = await stock.openContainer(await sealContainer(keys, opened!));
      expect(again).to.deep.equal(JSON.parse(stringify(container)));
    });

    it("containers of former keys are opened with them, and of nobody's with none", async () => {
      const [own, other] = [await keysOf(engine, "alice"), await keysOf(engine, "bob")];
      const sealed = await sealContainer(other, "{}");
      expect(await openContainer([own, other], sealed)).to.equal("{}");
      expect(await openContainer([own], sealed)).to.equal(null);
    });
  });
}

describe("names in a storage", () => {
  const seal = nameSeal(ENGINES.node, privateKey, ACCOUNT);

  it("are others for another account, and for another key", async () => {
    const sealed = await seal.seal("bob.eth");
    const other = nameSeal(ENGINES.node, privateKey, CONTACT);
    expect(await other.seal("bob.eth")).not.to.equal(sealed);
    // the nonce stands in the text
    expect(await other.open(sealed)).to.equal("bob.eth");
    const otherKey = decodeBase64(bob.keys.encryptionKeyPair.privateKey);
    expect(await nameSeal(ENGINES.node, otherKey, ACCOUNT).open(sealed)).to.equal(null);
  });

  it("hide nothing from whoever knows one of them: the operator of a storage", async () => {
    const bytesOf = (sealed: string) => {
      const { ciphertext } = JSON.parse(atob(sealed)) as { ciphertext: string };
      return decodeBase64(ciphertext);
    };
    const known = new TextEncoder().encode(CONTACT);
    const [mine, theirs] = [bytesOf(await seal.seal(CONTACT)), bytesOf(await seal.seal("bob.eth"))];
    const read = theirs.map((byte, at) => byte ^ mine[at]! ^ known[at]!);
    expect(new TextDecoder().decode(read.subarray(0, "bob.eth".length))).to.equal("bob.eth");
  });

  it("come back from any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const whole = text.toWellFormed();
        expect(await seal.open(await seal.seal(whole))).to.equal(whole);
      }),
    );
  });

  it("are null where they are none, whatever stands there", async () => {
    const sealed = await seal.seal("bob.eth");
    const json = JSON.parse(atob(sealed)) as { ciphertext: string; nonce: string };
    const bent = [
      ...["", "!", "bnVsbA==", btoa("[]"), btoa("{"), `${sealed}A`, sealed.slice(4)],
      btoa(JSON.stringify({ ...json, nonce: json.nonce.slice(0, -2) })),
      btoa(JSON.stringify({ ...json, nonce: `0x${"00".repeat(12)}` })),
      btoa(JSON.stringify({ ...json, ciphertext: encodeBase64(new Uint8Array(8)) })),
      btoa(JSON.stringify({ ...json, ciphertext: 7 })),
      "A".repeat(40_000),
    ];
    for (const text of bent) expect(await seal.open(text), text.slice(0, 40)).to.equal(null);
    await fc.assert(
      fc.asyncProperty(fc.base64String(), async (text) => {
        expect(await seal.open(text)).to.equal(null);
      }),
    );
  });
});

describe("containers in a storage", () => {
  const unsigned = {
    message: "Hello",
    attachments: [],
    metadata: { type: "NEW", from: "alice.eth", to: "bob.eth", timestamp: 7 },
  } as const;

  it("have the members that dm3's web client has", async () => {
    const { signingKey } = await keysOf(ENGINES.node, "alice");
    const message = await signMessage(signingKey, unsigned);
    const written = JSON.parse(containerOfSent(message, true)) as object;
    expect(written).to.deep.equal(stockContainer(message));
    const sent = JSON.parse(containerOfSent(message, false)) as typeof written & {
      envelop: { metadata: { deliveryInformation: unknown } };
    };
    expect(sent.envelop.metadata.deliveryInformation).to.deep.equal({
      ...{ from: "alice.eth", to: "bob.eth" },
    });
  });

  it("of received messages keep the message as it was signed, and are called by its own hash", () => {
    const message = { ...unsigned, signature: "s", extra: { b: 1, a: 2 } };
    const metadata = {
      ...{ version: "v1", encryptionScheme: "x", signature: "t", messageHash: "0x1", more: 1 },
      deliveryInformation: { from: "alice.eth", to: "bob.eth" },
    };
    const text = containerOfReceived(message, { metadata, postmark: { incommingTimestamp: 1 } });
    const { envelop, messageState, source } = JSON.parse(text) as {
      envelop: { message: unknown; metadata: Record<string, unknown>; postmark: unknown };
      messageState: number;
      source: number;
    };
    expect(envelop.message).to.deep.equal(message);
    expect(envelop.metadata).to.deep.equal({
      ...{ version: "v1", encryptionScheme: "x", signature: "t" },
      ...{ deliveryInformation: metadata.deliveryInformation },
      messageHash: sha256(stringify(message)),
    });
    expect(envelop.postmark).to.deep.equal({ incommingTimestamp: 1 });
    expect([messageState, source]).to.deep.equal([2, 2]);
    expect(readContainer(text)!.message.messageHash).to.equal(envelop.metadata["messageHash"]);
  });

  it("change their state, and nothing else", () => {
    const container = { ...stockContainer({ ...unsigned, signature: "s" }), more: [1] };
    const read = readContainer(JSON.stringify(container))!;
    expect(read.isRead).to.equal(false);
    const text = inState(read.members, "read");
    expect(JSON.parse(text)).to.deep.equal({ ...container, messageState: 3 });
    expect(readContainer(text)!.isRead).to.equal(true);
  });

  it("are null where they are none, whatever was encrypted", () => {
    const deep = `${'{"envelop":{"message":'.repeat(1)}${"[".repeat(50_000)}${"]".repeat(50_000)}}}`;
    const bent = ["", "null", "[]", "7", '"a"', "{}", '{"envelop":null}', '{"envelop":{}}', deep];
    for (const text of bent) expect(readContainer(text), text.slice(0, 30)).to.equal(null);
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readContainer(text)).to.equal(null);
      }),
    );
  });
});
