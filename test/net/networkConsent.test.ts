import { expect } from "chai";
import { type DnsZone, type LoopbackDns, startDns } from "../../src/demo/mail/dnsServer.js";
import { consentRecords, networkConsent } from "../../src/net/networkConsent.js";

const NETWORK = "xmpp.example.eth";
const SAYS: DnsZone = { TXT: [`dm3-network=${NETWORK}`] };
const SAYS_ANOTHER: DnsZone = { TXT: ["dm3-network=other.eth"] };
const FAILS: DnsZone = { trouble: "failing" };

describe("net/networkConsent", () => {
  let dns: LoopbackDns;

  before(async () => {
    dns = await startDns();
  });
  beforeEach(() => {
    dns.zones.clear();
  });
  after(async () => {
    await dns.stop();
  });

  const consentOf = async (
    nativeDomain: string | null,
    virtualDomain: string,
    zones: Readonly<Record<string, DnsZone>>,
  ) => {
    for (const [domain, zone] of Object.entries(zones)) dns.zones.set(`_dm3.${domain}`, zone);
    const domains = { nativeDomain, virtualDomain };
    const options = { servers: [dns.server], timeoutMs: 2_000 };
    const found = await networkConsent(domains, NETWORK, options);
    return {
      domain: found.domain && found.domain.consent,
      virtual: found.virtualDomain.consent,
      sentence: found.virtualDomain.sentence,
    };
  };

  it("asks each domain for its own word", async () => {
    const zones = { "chat.example": SAYS, "dm3.other.example": SAYS_ANOTHER };
    const one = await consentOf("chat.example", "dm3.other.example", zones);
    expect(one).to.include({ domain: "confirmed", virtual: "unconfirmed" });
    expect(one.sentence).to.match(/TXT record _dm3\.dm3\.other\.example with "dm3-network=xmpp/);
    dns.zones.clear();
    const other = await consentOf("chat.example", "dm3.other.example", {
      "dm3.other.example": SAYS,
    });
    expect(other).to.include({ domain: "unconfirmed", virtual: "confirmed" });
  });

  it("asks the host alone where the names say whose people they are", async () => {
    const found = await consentOf(null, "dm3.mail.example", { "dm3.mail.example": SAYS });
    expect(found).to.include({ domain: null, virtual: "confirmed" });
    expect(dns.asked).not.to.include("_dm3.null TXT");
  });

  it("takes the word of the domain above the host, and of no other one", async () => {
    const below = await consentOf("chat.example", "dm3.chat.example", { "chat.example": SAYS });
    expect(below).to.include({ domain: "confirmed", virtual: "confirmed" });
    expect(below.sentence).to.match(/lies below chat\.example, which confirms/);
    // an end that is the same makes no domain below it
    const alike = await consentOf("chat.example", "dm3chat.example", {});
    expect(alike).to.include({ domain: "confirmed", virtual: "unconfirmed" });
    dns.zones.clear();
    const zones = { "chat.example": SAYS_ANOTHER, "dm3.chat.example": {} };
    const unconfirmed = await consentOf("chat.example", "dm3.chat.example", zones);
    expect(unconfirmed).to.include({ domain: "unconfirmed", virtual: "unconfirmed" });
  });

  it("tells the records by which both are confirmed then", async () => {
    for (const [nativeDomain, virtualDomain, count] of [
      ["chat.example", "dm3.chat.example", 1],
      ["chat.example", "dm3.other.example", 2],
      [null, "dm3.mail.example", 1],
    ] as const) {
      dns.zones.clear();
      const records = consentRecords({ nativeDomain, virtualDomain }, NETWORK);
      expect(records).to.have.length(count);
      for (const { place, text } of records) dns.zones.set(place, { TXT: [text] });
      expect(await consentOf(nativeDomain, virtualDomain, {})).to.include({
        domain: nativeDomain && "confirmed",
        virtual: "confirmed",
      });
    }
  });

  it("never takes for unconfirmed what it could not find out", async () => {
    const outage = await consentOf(null, "dm3.mail.example", { "dm3.mail.example": FAILS });
    expect(outage).to.include({ virtual: "unknown" });
    const above = await consentOf("chat.example", "dm3.chat.example", {
      "chat.example": FAILS,
    });
    expect(above).to.include({ domain: "unknown", virtual: "unconfirmed" });
  });
});
