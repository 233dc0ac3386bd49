/** Ids and addresses, as they are read from stanzas. */
import { expect } from "chai";
import fc from "fast-check";
import { normalizeName } from "../../src/ens/normalize.js";
import { isForUs, jidOf, senderOf, targetOf } from "../../src/xmpp/jid.js";
import { envelopeIdOf, formatEnvelopeId, parseEnvelopeId } from "../../src/xmpp/stanzaId.js";

const DOMAINS = { componentDomain: "dm3.chat.example", nativeDomain: "chat.example" };
const HASH = "0123456789abcdef".repeat(4);

describe("the id of an envelope's stanza", () => {
  it("gives number and hash back", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (number) => {
        expect(parseEnvelopeId(formatEnvelopeId({ number, hash: HASH }))).to.deep.equal({
          number,
          hash: HASH,
        });
      }),
    );
  });

  it("is none with anything else", () => {
    const others = [
      "",
      "-",
      HASH,
      `-${HASH}`,
      `01-${HASH}`,
      `1-${HASH}0`,
      `1-${HASH.toUpperCase()}`,
      `end-${HASH}`,
    ];
    others.push(
      `1-${HASH.slice(1)}`,
      `9007199254740993-${HASH}`,
      `-1-${HASH}`,
      `1.5-${HASH}`,
      `1-${HASH}\n`,
    );
    for (const id of others) expect(parseEnvelopeId(id), id).to.equal(null);
    expect(envelopeIdOf(HASH, null)).to.equal(null);
    expect(envelopeIdOf(null, "1")).to.equal(null);
  });
});

describe("addresses in stanzas", () => {
  it("lead to the DM3 user by the canonical one alone", () => {
    const at = "dm3.chat.example";
    expect(targetOf(at, DOMAINS)).to.deep.equal({ name: null });
    expect(targetOf(`${at}/x`, DOMAINS)).to.deep.equal({ name: null });
    expect(targetOf(`alice.eth@${at}`, DOMAINS)).to.deep.equal({ name: "alice.eth" });
    expect(targetOf(`alice.eth@DM3.chat.example/a@b/c`, DOMAINS)).to.deep.equal({
      name: "alice.eth",
    });
    expect(targetOf(`x-nlb3y4thmvxc4zluna@${at}`, DOMAINS)).to.deep.equal({ name: "jürgen.eth" });
    const nobody = [
      "Alice.eth",
      "jürgen.eth",
      "x-mfwgsy3ffzsxi2a",
      "X-NLB3Y4THMVXC4ZLUNA",
      "alice.eth.",
      "a@b",
    ];
    for (const local of nobody) expect(targetOf(`${local}@${at}`, DOMAINS), local).to.equal(null);
    const elsewhere = [
      "alice.eth@chat.example",
      "chat.example",
      "",
      null,
      `a@${at}`.padStart(4_000, "a"),
    ];
    for (const to of elsewhere) {
      expect(targetOf(to, DOMAINS)).to.equal(null);
      expect(isForUs(to, DOMAINS)).to.equal(false);
    }
    expect(isForUs(`Alice.eth@${at}`, DOMAINS)).to.equal(true);
    expect(jidOf(normalizeName("jürgen.eth"), DOMAINS)).to.equal(`x-nlb3y4thmvxc4zluna@${at}`);
  });

  it("tell an account, in one form, and whether it is our server's", () => {
    const bob = {
      address: { localPart: "bob", domain: "chat.example" },
      bare: "bob@chat.example",
      isOurs: true,
    };
    expect(senderOf("Bob@Chat.Example/phone@x", DOMAINS)).to.deep.equal(bob);
    expect(senderOf("bob@other.example", DOMAINS)).to.deep.include({ isOurs: false });
    // a server, and accounts that some server takes for another one
    for (const from of [null, "chat.example", "straße@chat.example", "bo\u00adb@chat.example"]) {
      expect(senderOf(from, DOMAINS), String(from)).to.equal(null);
    }
  });
});
