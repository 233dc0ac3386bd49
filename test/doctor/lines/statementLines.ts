/** What DM3 keys signed, served and bent: a relay node's proof, a network's record, a certificate. */
import { sameBytes } from "../../../src/abi/bytes.js";
import { type LoopbackDns, startDns } from "../../../src/demo/mail/dnsServer.js";
import { encodeDeliveryServiceRecord } from "../../../src/dm3/profile/profileRecord.js";
import { namehash } from "../../../src/ens/namehash.js";
import { text } from "../../../src/ens/resolverFunctions.js";
import type { DnsOptions } from "../../../src/net/domainConsent.js";
import {
  NODE_PROFILE,
  provenNode,
  signedCertificate,
  signedNetwork,
} from "../../registry/signedStatements.js";
import { expectOnly } from "../diagnosis.js";
import { ALICE, type Bend, innerCall, type Ward } from "../ward.js";

const RELAY = "relay.users.example.eth";
const NODE_KEY = "network.dm3.deliveryService";
const PROOF_KEY = `${NODE_KEY}.proof`;
const NETWORK_KEY = "network.dm3.network";
const CERTIFICATE_KEY = "network.dm3.certificate.openpgp";
/** A relay node's name has no address and is no user's. */
const OF_A_NODE = { silent: ["profile", "relay-nodes"] };

type Texts = readonly (readonly [name: string, key: string, value: string])[];

export function statementLines(ward: () => Ward): void {
  let dns: LoopbackDns;
  let confirming: DnsOptions;
  before(async () => {
    dns = await startDns();
    confirming = { servers: [dns.server] };
  });
  beforeEach(() => {
    dns.zones.set("_dm3.chat.example", { TXT: [`dm3-network=${RELAY}`] });
  });
  after(async () => {
    await dns.stop();
  });

  const serving =
    (texts: Texts): Bend =>
    (sent, asked) => {
      const { selector, call } = innerCall(asked);
      if (asked.method !== "POST" || selector !== text.selector) return;
      const [node, asksFor] = text.decodeInput(call);
      const found = texts.find(([name, key]) => key === asksFor && sameBytes(node, namehash(name)));
      if (found) ward().resign(sent, asked, { result: text.encodeOutput(found[2]) });
    };
  const node = [RELAY, NODE_KEY, encodeDeliveryServiceRecord(NODE_PROFILE)] as const;
  const proof = (owner: string | null, name = RELAY) =>
    [RELAY, PROOF_KEY, JSON.stringify(provenNode(name, owner).proof)] as const;

  it("relay-node: proven, without a proof, and with one for another name", async () => {
    const examine = async (...texts: Texts) => {
      ward().bend(serving(texts));
      return ward().examine(RELAY);
    };
    const none = await examine(node);
    expectOnly(none, "relay-node", "warning", /without a proof that its operator/, OF_A_NODE);
    const proven = await examine(node, proof(null));
    expectOnly(proven, "relay-node", "passed", /^proven by its own key, at https/, OF_A_NODE);
    const others = await examine(node, proof(null, "other.users.example.eth"));
    expectOnly(others, "relay-node", "failed", /is not by the key of its profile/, OF_A_NODE);
  });

  it("relay-node and network: a gateway under the name of its node", async () => {
    const record = JSON.stringify(signedNetwork(RELAY, null));
    ward().bend(serving([node, proof(null), [RELAY, NETWORK_KEY, record]]));
    const lines = await ward().examine(RELAY, { dns: confirming });
    const ofGateway = /https:\/\/relay\.example, of the gateway relay\.users\.example\.eth$/;
    expectOnly(lines, "relay-node", "passed", ofGateway, OF_A_NODE);
    const signed =
      /^gateway to xmpp, signed by all of its relay nodes \(look closer: signpost gateway check relay\.users\.example\.eth\)$/;
    expectOnly(lines, "network", "passed", signed, OF_A_NODE);
  });

  it("network-consent: of the domain, of none, and where it could not be found out", async () => {
    const record = JSON.stringify(signedNetwork(RELAY, null));
    ward().bend(serving([node, proof(null), [RELAY, NETWORK_KEY, record]]));
    const consentOf = async (dns: DnsOptions) => ward().examine(RELAY, { dns });
    const said = /^chat\.example confirms it in its DNS$/;
    expectOnly(await consentOf(confirming), "network-consent", "passed", said, OF_A_NODE);
    dns.zones.set("_dm3.dm3.chat.example", { TXT: [`dm3-network=${RELAY}`] });
    dns.zones.set("_dm3.chat.example", { TXT: ["dm3-network=other.eth"] });
    const no = /^chat\.example does not confirm it/;
    expectOnly(await consentOf(confirming), "network-consent", "warning", no, OF_A_NODE);
    const silent = { servers: ["127.0.0.1:1"], timeoutMs: 300 };
    const unknown = /could not be found out/;
    const unasked = (await consentOf(silent)).filter(({ id }) => id !== "virtual-consent");
    expectOnly(unasked, "network-consent", "warning", unknown, OF_A_NODE);
  });

  it("virtual-consent: of the host, of the domain above it, and of neither", async () => {
    const record = JSON.stringify(signedNetwork(RELAY, null));
    ward().bend(serving([node, proof(null), [RELAY, NETWORK_KEY, record]]));
    const lines = async () => ward().examine(RELAY, { dns: confirming });
    dns.zones.delete("_dm3.dm3.chat.example");
    const above = /^dm3\.chat\.example lies below chat\.example, which confirms the network/;
    expectOnly(await lines(), "virtual-consent", "passed", above, OF_A_NODE);
    dns.zones.set("_dm3.dm3.chat.example", { TXT: [`dm3-network=${RELAY}`] });
    const said = /^dm3\.chat\.example confirms it in its DNS$/;
    expectOnly(await lines(), "virtual-consent", "passed", said, OF_A_NODE);
    dns.zones.delete("_dm3.dm3.chat.example");
    dns.zones.delete("_dm3.chat.example");
    const others = (await lines()).filter(({ id }) => id !== "network-consent");
    const no = /^dm3\.chat\.example does not confirm it/;
    expectOnly(others, "virtual-consent", "warning", no, OF_A_NODE);
  });

  it("network: changed after it was signed, and a node with another key", async () => {
    const changed = JSON.stringify({ ...signedNetwork(RELAY, null), sizeLimit: 1 });
    ward().bend(serving([node, proof(null), [RELAY, NETWORK_KEY, changed]]));
    const forged = await ward().examine(RELAY);
    expectOnly(forged, "network", "failed", /the check "network-signature"/, OF_A_NODE);
    const { publicEncryptionKey } = NODE_PROFILE;
    const rotated = { ...NODE_PROFILE, publicSigningKey: publicEncryptionKey };
    const record = JSON.stringify(signedNetwork(RELAY, null));
    ward().bend(
      serving([
        [RELAY, NODE_KEY, encodeDeliveryServiceRecord(rotated)],
        [RELAY, NETWORK_KEY, record],
      ]),
    );
    const lines = await ward().examine(RELAY);
    // which has no proof by its new key either
    const others = lines.filter(({ id }) => id !== "relay-node");
    expectOnly(others, "network", "failed", /the check "signing-node"/, OF_A_NODE);
  });

  it("certificate: signed by another key than the profile's, and by it", async () => {
    const forged = JSON.stringify(signedCertificate(ALICE));
    ward().bend(serving([[ALICE, CERTIFICATE_KEY, forged]]));
    const bad = await ward().examine();
    expectOnly(bad, "certificate", "failed", /the check "certificate-signature"/);
    const keys = ward().world.people[0]!.keys;
    const good = JSON.stringify(signedCertificate(ALICE, keys));
    ward().bend(serving([[ALICE, CERTIFICATE_KEY, good]]));
    const lines = await ward().examine();
    expectOnly(lines, "certificate", "passed", /^openpgp for alice\..*@mail\.example, signed/);
  });
}
