/** What the bridge's record promises is what its codec does. */
import { expect } from "chai";
import { describedBridge } from "../../../src/capabilities/mail/description.js";
import { mailContentOf } from "../../../src/codecs/openpgp-mime/dm3Content.js";
import { keptMailIds } from "../../../src/codecs/openpgp-mime/mailIds.js";
import { MESSAGE_TYPES } from "../../../src/dm3/message/message.js";
import type { MessageContent } from "../../../src/dm3/message/messageContent.js";
import { memoryKeyValue } from "../../../src/sending/keyValue.js";

const REFERENCE = `0x${"ab".repeat(32)}` as const;

describe("the record of a mail bridge", () => {
  it("names the types of messages that the codec makes a mail of, and no others", async () => {
    const ids = keptMailIds(memoryKeyValue());
    await ids.remember(REFERENCE, { messageId: "<b4f1aaaaaaaaaaaa@mail.test>", text: null });
    const mapped: string[] = [];
    for (const type of MESSAGE_TYPES) {
      const content = { type, text: "x", reference: REFERENCE } as MessageContent;
      if ((await mailContentOf(content, ids)) !== null) mapped.push(type);
    }
    const { description } = describedBridge({
      bridge: {
        ...{ domain: "bridge.example", hostName: "bridge.example" },
        ...{ dkimFolder: "keys", dkimSelector: "dm3" },
        registry: { names: "bridge.example.eth", url: "https://registry.example" },
      },
      ...{ relayNode: "relay.example.eth", mailSizeLimit: 100_000 },
    });
    expect([...description.messageTypes].sort()).to.deep.equal(mapped.sort());
  });
});
