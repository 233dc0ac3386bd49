import { expect } from "chai";
import { MESSAGE_CHECKS } from "../../../src/dm3/message/decodeMessage.js";
import { decodeMessage } from "../../../src/dm3/message/decodeMessage.js";
import vectors from "../../vectors/envelopes.json" with { type: "json" };
import { ENGINES } from "../crypto/engines.js";
import { bobReads } from "./sampleEnvelopes.js";

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`decodeMessage, by the engine ${name}`, () => {
    it("reads what the reference's relay node stored", async () => {
      const decoded = await decodeMessage(vectors.storedOnDeliveryService, await bobReads(engine));
      expect(decoded).to.deep.equal({
        from: "alice.eth",
        to: "bob.eth",
        timestampMs: 1729000000000,
        content: { type: "NEW", text: "Hello Bob" },
        messageHash: vectors.simple.encryptedEnvelop.metadata.messageHash,
        claimedHash: {
          field: "messageHash",
          value: vectors.simple.encryptedEnvelop.metadata.messageHash,
        },
        deliveryInformation: { from: "alice.eth", to: "bob.eth" },
        incomingTimestampMs: 1729000004000,
        checks: Object.keys(MESSAGE_CHECKS).filter((check) => check !== "metadataSignature"),
      });
    });

    it("checks the sender's signature over the envelope where it is whole", async () => {
      const decoded = await decodeMessage(vectors.simple.encryptedEnvelop, await bobReads(engine));
      expect(decoded).to.deep.include({ deliveryInformation: null, incomingTimestampMs: null });
      expect(decoded.checks).to.deep.equal([
        ...["hash", "receiver", "messageSignature", "metadataSignature"],
      ]);
    });
  });
}
