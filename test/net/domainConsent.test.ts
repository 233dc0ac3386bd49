import { expect } from "chai";
import { type DnsZone, type LoopbackDns, startDns } from "../../src/demo/mail/dnsServer.js";
import { domainConsent, networksNamedBy } from "../../src/net/domainConsent.js";

const NETWORK = "xmpp.example.eth";
const DOMAIN = "chat.example";

describe("net/domainConsent", () => {
  let dns: LoopbackDns;

  before(async () => {
    dns = await startDns();
  });
  after(async () => {
    await dns.stop();
  });

  /** @param zone null: there is no such name */
  const consentOf = (zone: DnsZone | null, timeoutMs = 2_000) => {
    if (zone === null) dns.zones.delete(`_dm3.${DOMAIN}`);
    else dns.zones.set(`_dm3.${DOMAIN}`, zone);
    return domainConsent(DOMAIN, NETWORK, { servers: [dns.server], timeoutMs });
  };

  it("confirms a network that the domain names, beside other ones, in parts and in any case", async () => {
    for (const TXT of [
      ["dm3-network=xmpp.example.eth"],
      ["v=spf1 -all", "dm3-network=other.eth", ["dm3-network=xmpp.", "example.eth"]],
      ["dm3-network= XMPP.Example.eth "],
    ]) {
      expect(await consentOf({ TXT })).to.deep.equal({
        ...{ consent: "confirmed", sentence: `${DOMAIN} confirms it in its DNS.` },
      });
    }
    expect(dns.asked).to.include(`_dm3.${DOMAIN} TXT`);
  });

  it("does not where the domain names other ones, none, or does not exist", async () => {
    for (const zone of [
      { TXT: ["dm3-network=other.eth"] },
      { TXT: ["dm3-network=xmpp.example.eth.evil.eth"] },
      { TXT: ["dm3-network=not a name"] },
      { TXT: ["xmpp.example.eth"] },
      { TXT: ["DM3-NETWORK:xmpp.example.eth"] },
      { TXT: [] },
      null,
    ]) {
      const { consent, sentence } = await consentOf(zone);
      expect(consent, JSON.stringify(zone)).to.equal("unconfirmed");
      expect(sentence).to.match(/TXT record _dm3\.chat\.example with "dm3-network=xmpp\./);
    }
  });

  it("never takes for unconfirmed what it could not find out", async () => {
    expect((await consentOf({ trouble: "failing" })).consent).to.equal("unknown");
    const beganMs = performance.now();
    const { consent, sentence } = await consentOf({ trouble: "silent" }, 300);
    expect(consent).to.equal("unknown");
    expect(sentence).to.match(/could not be found out/);
    expect(performance.now() - beganMs).to.be.below(2_000);
    expect(await networksNamedBy(DOMAIN, { servers: ["127.0.0.1:1"], timeoutMs: 300 })).to.equal(
      null,
    );
  });

  it("has one time-out, however many servers there are", async () => {
    dns.zones.set(`_dm3.${DOMAIN}`, { trouble: "silent" });
    const beganMs = performance.now();
    const servers = Array.from({ length: 5 }, () => dns.server);
    expect(await networksNamedBy(DOMAIN, { servers, timeoutMs: 400 })).to.equal(null);
    expect(performance.now() - beganMs).to.be.below(1_500);
  });
});
