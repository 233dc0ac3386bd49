import { expect } from "chai";
import type { Element } from "ltx";
import type { SignpostError } from "../../src/errors.js";
import type { ContactStore, NetworkEvents } from "../../src/messaging/network.js";
import { admission, DEFAULT_LIMITS } from "../../src/xmpp/admission.js";
import { incomingMessage } from "../../src/xmpp/incomingMessage.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { received, type Reception } from "../../src/xmpp/reception.js";
import { xml } from "../../src/xmpp/xml.js";

const DOMAINS = { componentDomain: "dm3.chat.test", nativeDomain: "chat.test" };

function reception(events: Partial<NetworkEvents>) {
  const [sent, reported]: [Element[], SignpostError[]] = [[], []];
  const admitted = admission(DEFAULT_LIMITS, () => performance.now());
  const parts: Reception = {
    domains: DOMAINS,
    events: events as NetworkEvents,
    contacts: {} as ContactStore,
    admission: admitted,
    send: (stanza) => sent.push(stanza),
    report: (error) => reported.push(error),
    longestTaskMs: 50,
  };
  const hear = (stanza: Element) => {
    incomingMessage(received(stanza, DOMAINS)!, parts);
  };
  return { hear, sent, reported, idle: () => admitted.idle() };
}

function accepted(number: number, padding = ""): Element {
  return xml(
    "message",
    { from: "bob@chat.test/phone", to: "alice.eth@dm3.chat.test", id: `m${number}` },
    xml("accepted", { xmlns: DM3_NS, hash: "ab".repeat(32), number: String(number) }),
    xml("more", { padding }, padding),
  );
}

describe("xmpp: what waits for the gateway's core", () => {
  it("ends when the core does not, so that its user is not held up for ever", async () => {
    const done: number[] = [];
    const { hear, sent, reported, idle } = reception({
      delivered: (_, { number }) => {
        if (number < 16) return new Promise(() => undefined);
        done.push(number);
        return Promise.resolve();
      },
    });
    for (let number = 0; number < 20; number++) hear(accepted(number));
    await idle();
    expect(done).to.deep.equal([16, 17, 18, 19]);
    expect(sent.map(({ attrs }) => attrs["type"] as string)).to.deep.equal(Array(16).fill("error"));
    expect(reported[0]?.code).to.equal("INTERNAL");
  });

  it("is counted with all that it holds, and refused over that", () => {
    let begun = 0;
    const { hear, sent } = reception({
      delivered: () => {
        begun++;
        return new Promise(() => undefined);
      },
    });
    for (let number = 0; number < 100; number++) hear(accepted(number, "x".repeat(100_000)));
    expect(begun).to.be.within(10, 16);
    // 8 MiB of one user: about 20 of these
    expect(sent.length).to.be.within(75, 85);
    expect(sent[0]?.toString()).to.include("LIMIT_EXCEEDED");
  });
});
