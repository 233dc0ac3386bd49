import { expect } from "chai";
import { createInbox } from "../../src/messenger/inbox.js";
import { encodeMessage } from "../../src/sdk/messagesNode.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { bobReads, changed, found, keysOf, relayNode } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";

describe("messenger: what the app has had", () => {
  async function fromAlice(text: string): Promise<object> {
    const { profile, ensName: to } = people.bob;
    const receiver = { profile, relayNodes: [found(relayNode)] };
    const { envelopes } = await encodeMessage(
      { type: "NEW", text, from: "alice.eth", to, timestampMs: 1 },
      { keys: await keysOf(ENGINES.node, "alice"), receiver },
    );
    return envelopes[0]!.envelope;
  }

  it("knows by its bytes what it need not read: what waits for the app, and what failed for ten minutes", async () => {
    let nowMs = 1_000_000;
    const inbox = createInbox(memoryKeyValue(), () => nowMs);
    const reader = inbox.begin();
    const { keys, ...reading } = await bobReads(ENGINES.node);
    const options = { ...reading, keys: [keys] };
    const envelope = await fromAlice("hello");
    const forged = changed(envelope, ["metadata", "signature"], "AAAA");
    const isKnown = () =>
      [envelope, structuredClone(envelope), forged].map((each) => reader.isKnown("a.eth", each));

    expect(isKnown()).to.deep.equal([false, false, false]);
    const taken = await reader.take("a.eth", envelope, options);
    expect((await reader.take("a.eth", forged, options)).kind).to.equal("unreadable");
    expect(isKnown()).to.deep.equal([true, true, true]);
    expect(reader.isKnown("b.eth", envelope)).to.equal(false);

    nowMs += 10 * 60_000;
    expect(isKnown()).to.deep.equal([true, true, false]);
    // then each copy is read once more, so that its relay node is told
    if (taken.kind !== "new") throw new Error(taken.kind);
    await inbox.acknowledge(taken.message);
    expect(isKnown()).to.deep.equal([false, false, false]);
    expect((await reader.take("a.eth", envelope, options)).kind).to.equal("acknowledged");
  });
});
