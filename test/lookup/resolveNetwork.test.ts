import { expect } from "chai";
import fc from "fast-check";
import { resolveNetwork as resolveInBrowser } from "../../src/sdk/index.js";
import { resolveNetwork } from "../../src/sdk/node.js";
import { expectRejection } from "../expectError.js";
import { answer, deadUrl } from "./loopbackServer.js";
import type { DESCRIPTION } from "./networkScene.js";
import {
  NETWORK,
  networkRecord,
  networkSuite,
  nodeProfiles,
  NODES,
  otherAddress,
  OWNER,
} from "./networkScene.js";
import { expectAbsent, expectFound, expectUnreachable, expectUntrusted } from "./outcomes.js";
import { DOMAIN, RELAY_KEY } from "./scene.js";

describe("resolveNetwork", () => {
  const suite = networkSuite();

  const resolve = (name = NETWORK) => resolveNetwork(name, suite.scene.options);

  it("finds the record, its owner, and its relay nodes in their order", async () => {
    const found = expectFound(await resolve());
    expect(found).to.include({
      name: NETWORK,
      owner: OWNER,
      resolver: suite.scene.resolverAddress,
    });
    expect(found.record).to.deep.equal(networkRecord());
    const nodes = found.relayNodes.map(expectFound);
    expect(nodes.map(({ name }) => name)).to.deep.equal(NODES);
    expect(nodes.map(({ profile }) => profile)).to.deep.equal(nodeProfiles);
    const checks = found.checks.map(({ check }) => check);
    expect(checks.slice(-2)).to.deep.equal(["network-record", "network-signature"]);
    expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
    expect(await resolveInBrowser(NETWORK, suite.scene.options)).to.deep.equal(found);
  });

  it("says in a sentence who holds the keys", async () => {
    const { sentence } = expectFound(await resolve());
    expect(sentence).to.match(/gateway to xmpp of chat\.example: nobody but its users holds/);
    suite.world.publishNetwork(networkRecord({ kind: "bridge", nativeDomain: null }));
    expect(expectFound(await resolve()).sentence).to.match(/bridge to xmpp: it holds the DM3 keys/);
  });

  it("finds one under a name without an address, signed for its service", async () => {
    suite.world.publishNetwork(networkRecord({}, null), new Uint8Array(20));
    expect(expectFound(await resolve()).owner).to.equal(null);
  });

  it("is absent without record or resolver", async () => {
    expectAbsent(await resolve(`nobody.${DOMAIN}`), "no-record", /no messaging gateway/);
    expectAbsent(await resolve("nowhere.eth"), "no-resolver", /no resolver/);
  });

  it("is unreachable when the record cannot be read", async () => {
    suite.scene.gateway.handler = answer("", { status: 502 });
    expectUnreachable(await resolve(), /HTTP 502/);
  });

  it("is untrusted for what is no record, or too long to look at", async () => {
    suite.world.publishNetwork("not a record");
    expectUntrusted(await resolve(), "network-record", /JSON object/);
    suite.world.publishNetwork({ ...networkRecord(), more: 1 });
    expectUntrusted(await resolve(), "network-record", /unknown field "more"/);
    suite.world.publishNetwork("x".repeat(33_000));
    expectUntrusted(await resolve(), "network-record", /longer than 32768/);
  });

  it("is untrusted for another owner, for none, and under another name", async () => {
    suite.world.publishNetwork(networkRecord(), otherAddress);
    expectUntrusted(await resolve(), "network-signature", /not signed by all/);
    suite.world.publishNetwork(networkRecord(), new Uint8Array(20));
    expectUntrusted(await resolve(), "network-signature", /owned by its service/);
    suite.world.publishNetwork(networkRecord({}, OWNER, `other.${DOMAIN}`));
    expectUntrusted(await resolve(), "network-signature", /not signed by all/);
  });

  const flips: Readonly<Record<keyof typeof DESCRIPTION | "signedAtSec", unknown>> = {
    ...{ kind: "bridge", network: "mail", names: `other.${DOMAIN}`, nativeDomain: null },
    ...{ virtualDomain: "dm3.other.example", addressRule: 2, directions: "toNetwork" },
    ...{ codecs: ["dm3", "openpgp-mime"], messageTypes: ["NEW", "EDIT"] },
    ...{ sizeLimit: 131_073, hourlyLimit: 601, signedAtSec: 1_780_000_001 },
  };

  for (const [field, value] of Object.entries(flips)) {
    it(`is untrusted when only ${field} was changed after it was signed`, async () => {
      suite.world.publishNetwork({ ...networkRecord(), [field]: value });
      const outcome = await resolve();
      const check = field === "addressRule" ? "network-record" : "network-signature";
      expectUntrusted(outcome, check, /./);
    });
  }

  it("is untrusted when one bit of any signature or key is another, or the nodes are other ones", async () => {
    const record = networkRecord();
    const reversed = { ...record, relayNodes: [...record.relayNodes].reverse() };
    const [first, second] = record.relayNodes;
    const renamed = { ...record, relayNodes: [{ ...first, name: `three.${NETWORK}` }, second] };
    const fewer = { ...record, relayNodes: [first] };
    for (const changed of [reversed, renamed, fewer]) {
      suite.world.publishNetwork(changed);
      expectUntrusted(await resolve(), "network-signature", /not signed by all/);
    }
    const bits = fc.record({
      index: fc.constantFrom(0, 1),
      field: fc.constantFrom("publicSigningKey" as const, "signature" as const),
      bit: fc.nat(255),
    });
    await fc.assert(
      fc.asyncProperty(bits, async ({ index, field, bit }) => {
        const flipped = (text: string) => {
          const bytes = Buffer.from(text, "base64");
          bytes[bit >> 3]! ^= 1 << (bit & 7);
          return bytes.toString("base64");
        };
        const relayNodes = record.relayNodes.map((node, at) =>
          at === index ? { ...node, [field]: flipped(node[field]) } : node,
        );
        suite.world.publishNetwork({ ...record, relayNodes });
        expectUntrusted(await resolve(), "network-signature", /not signed by all/);
      }),
      { numRuns: 12 },
    );
  });

  it("shows a node with other keys as what it is, and clients the next one", async () => {
    suite.world.publishNode(0, {}, { ...nodeProfiles[1]!, url: "https://relay1.example" });
    const [first, second] = expectFound(await resolve()).relayNodes;
    expectUntrusted(first!, "signing-node", /another signing key/);
    expect(expectFound(second!).name).to.equal(NODES[1]);
  });

  it("shows a node that is gone as absent", async () => {
    suite.scene.names.delete(NODES[1]);
    expectAbsent(expectFound(await resolve()).relayNodes[1]!, "no-record", /no relay node/);
  });

  it("is untrusted when none of its nodes is the one that signed", async () => {
    for (const index of [0, 1]) suite.world.publishNode(index, {}, nodeProfiles[1 - index]);
    expectUntrusted(await resolve(), "signing-node", /None of the relay nodes/);
    for (const node of NODES) suite.scene.names.delete(node);
    expectUntrusted(await resolve(), "signing-node", /None of the relay nodes/);
  });

  it("is unreachable, not untrusted, when one of no good nodes could not be asked", async () => {
    suite.world.publishNode(0, { [RELAY_KEY]: `${await deadUrl()}/?dm3Hash=0x${"00".repeat(32)}` });
    suite.world.publishNode(1, {}, nodeProfiles[0]);
    expectUnreachable(await resolve(), /refused|connect/i);
  });

  it("throws INVALID_NAME for a name without normal form", async () => {
    await expectRejection(resolve("a b.eth"), "INVALID_NAME", /normal form/);
  });
});
