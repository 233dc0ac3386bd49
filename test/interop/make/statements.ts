/** What DM3 keys sign for a name: relay nodes, messaging gateways and bridges, certificates; and each way in which it does not count. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "ethers";
import { sha256OfJson } from "./canonical.js";
import { alice, ALICE_NAME, bob, DOMAIN } from "./people.js";
import { filled, keysOf } from "./sealing.js";
import type { Invalid, Valid, Vectors } from "./vector.js";

export interface StatementInput {
  readonly kind: "relayNode" | "network" | "certificate";
  /** ENS name that it is for. */
  readonly name: string;
  /** Seeds of the keys that sign, 0x hex of 32 bytes each. */
  readonly seeds: readonly string[];
  /** What is registered, without signatures. */
  readonly claim: Readonly<Record<string, unknown>>;
}

export interface StatementExpected {
  readonly text: string;
  /** 0x hex. */
  readonly signed: string;
  /** Base64, one for each seed. */
  readonly signatures: readonly string[];
  /** What is sent to the service. */
  readonly statement: Readonly<Record<string, unknown>>;
}

export interface StatementRefusal {
  readonly kind: StatementInput["kind"];
  readonly name: string;
  readonly statement: Readonly<Record<string, unknown>>;
}

const NODE_NAME = `relay.${DOMAIN}`;
const SECOND_NAME = `relay2.${DOMAIN}`;
const BRIDGE_NAME = `xmpp.${DOMAIN}`;
const SIGNED_AT_SEC = 1_900_000_000;
const SEEDS = { node: 0xd5, second: 0xd6, user: 0xa1, other: 0x0e } as const;
const seedOf = (who: keyof typeof SEEDS) => filled(SEEDS[who]);
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

type Who = keyof typeof SEEDS;

/** The byte that no text has, and then the text. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.of(0xff, ...new TextEncoder().encode(text));
}

const signed = (who: Who, text: string) => base64(ed25519.sign(bytesOf(text), seedOf(who)));

/** As a dm3 client signs a challenge: the text alone. */
const signedAsChallenge = (who: Who, text: string) =>
  base64(ed25519.sign(new TextEncoder().encode(text), seedOf(who)));

const publicKeys = (who: Who) => {
  const { publicEncryptionKey, publicSigningKey } = keysOf(seedOf(who));
  return { publicEncryptionKey, publicSigningKey };
};

const ownerText = (owner: string | null) => owner ?? "its service";

interface NodeWish {
  readonly name: string;
  readonly owner: string | null;
  readonly listed: boolean;
  readonly url: string;
  /** Left out where it is not granted. */
  readonly canary?: true;
}

const NODE: NodeWish = {
  ...{ name: NODE_NAME, owner: null, listed: true, url: "https://relay.example.com/ds" },
};

function nodeText({ name, owner, listed, url, canary }: NodeWish): string {
  return [
    `I run the DM3 relay node ${name}.`,
    `owner of the name: ${ownerText(owner)}`,
    `profile: ${sha256OfJson({ ...publicKeys("node"), url })}`,
    `in public lists: ${listed ? "yes" : "no"}`,
    ...(canary ? ["account for a canary: yes"] : []),
    `signed at: ${SIGNED_AT_SEC}`,
  ].join("\n");
}

function nodeStatement(wish: NodeWish, signature = signed("node", nodeText(wish))) {
  const { owner, listed, url, canary } = wish;
  const proof = {
    ...{ owner, listed, signedAtSec: SIGNED_AT_SEC, signature },
    ...(canary && { canary }),
  };
  return { ...publicKeys("node"), url, proof };
}

const GATEWAY = {
  ...{ kind: "gateway", network: "xmpp", names: DOMAIN, nativeDomain: "chat.example" },
  ...{ virtualDomain: "dm3.chat.example", addressRule: 1, directions: "both", codecs: ["dm3"] },
  ...{ messageTypes: ["NEW", "DELETE_REQUEST"], sizeLimit: 131_072, hourlyLimit: 600 },
};
const ONE_HOST = { ...GATEWAY, virtualDomain: GATEWAY.nativeDomain };
const BRIDGE = {
  ...GATEWAY,
  ...{ kind: "bridge", network: "mail", nativeDomain: null, virtualDomain: "mail.example" },
  ...{ codecs: ["dm3", "openpgp-mime"], directions: "fromNetwork" },
};
const NODES = [
  ["node", NODE_NAME],
  ["second", SECOND_NAME],
] as const satisfies readonly (readonly [Who, string])[];

function networkText(
  name: string,
  owner: string | null,
  description: object & { readonly kind: string },
  nodes: readonly string[],
): string {
  return [
    `I carry messages for the DM3 ${description.kind} ${name}.`,
    `owner of the name: ${ownerText(owner)}`,
    `network: ${sha256OfJson(description)}`,
    `relay nodes: ${nodes.join(", ")}`,
    `signed at: ${SIGNED_AT_SEC}`,
  ].join("\n");
}

function networkStatement(
  description: object & { readonly kind: string },
  owner: string | null,
  nodes: readonly (readonly [Who, string])[] = NODES,
) {
  const names = nodes.map(([, name]) => name);
  const text = networkText(BRIDGE_NAME, owner, description, names);
  return {
    ...description,
    ...{ owner, signedAtSec: SIGNED_AT_SEC },
    relayNodes: nodes.map(([who, name]) => ({
      name,
      publicSigningKey: publicKeys(who).publicSigningKey,
      signature: signed(who, text),
    })),
  };
}

const CERTIFICATE = {
  scheme: "openpgp",
  certificate: base64(filled(7, 300)),
  address: `${ALICE_NAME}@mail.example`,
  signedAtSec: SIGNED_AT_SEC,
};

function certificateText(name: string, { scheme, certificate, address } = CERTIFICATE): string {
  return [
    `This is my ${scheme} certificate.`,
    `name: ${name}`,
    `address: ${address}`,
    `certificate: ${sha256(Buffer.from(certificate, "base64"))}`,
    `signed at: ${SIGNED_AT_SEC}`,
  ].join("\n");
}

const certificateStatement = (signature = signed("user", certificateText(ALICE_NAME))) => ({
  ...CERTIFICATE,
  publicSigningKey: publicKeys("user").publicSigningKey,
  signature,
});

type StatementVectors = Vectors<StatementInput, StatementExpected>;

export function statements(): {
  readonly valid: StatementVectors["valid"];
  readonly invalid: readonly Invalid<StatementRefusal, string>[];
} {
  return { valid: valid(), invalid: [...invalidNodes(), ...invalidOthers()] };
}

function valid(): StatementVectors["valid"] {
  const node = (rule: string, description: string, changes: Partial<NodeWish> = {}) => {
    const wish = { ...NODE, ...changes };
    const { name, url, ...said } = wish;
    const claim = { ...publicKeys("node"), url, ...said, signedAtSec: SIGNED_AT_SEC };
    const input = { kind: "relayNode", name, seeds: [hex(seedOf("node"))], claim } as const;
    return vector(rule, description, input, nodeText(wish), nodeStatement(wish));
  };
  const network = (
    rule: string,
    description: string,
    content: object & { readonly kind: string },
    owner: string | null,
  ) => {
    const names = NODES.map(([, name]) => name);
    const claim = { ...content, owner, signedAtSec: SIGNED_AT_SEC, relayNodes: names };
    const seeds = NODES.map(([who]) => hex(seedOf(who)));
    const text = networkText(BRIDGE_NAME, owner, content, names);
    const input = { kind: "network", name: BRIDGE_NAME, seeds, claim } as const;
    return vector(rule, description, input, text, networkStatement(content, owner));
  };
  const user = { kind: "certificate", name: ALICE_NAME, seeds: [hex(seedOf("user"))] } as const;
  return [
    node("relay-node", "A relay node, for a name that is its service's own, in public lists"),
    node("relay-node-owned", "For a name that a wallet owns, not in public lists", {
      ...{ owner: alice.address, listed: false },
    }),
    node("relay-node-with-canary", "Which grants an account to a canary", { canary: true }),
    network("network-gateway", "A messaging gateway with two relay nodes", GATEWAY, null),
    network("network-bridge", "A bridge, for a name that a wallet owns", BRIDGE, alice.address),
    vector(
      "certificate",
      "A user's OpenPGP certificate",
      { ...user, claim: CERTIFICATE },
      certificateText(ALICE_NAME),
      certificateStatement(),
    ),
  ];
}

function vector(
  rule: string,
  description: string,
  input: StatementInput,
  text: string,
  statement: Readonly<Record<string, unknown>>,
): Valid<StatementInput, StatementExpected> {
  const signatures = input.seeds.map((seed) =>
    base64(ed25519.sign(bytesOf(text), Buffer.from(seed.slice(2), "hex"))),
  );
  return {
    rule,
    description,
    input,
    expected: { text, signed: hex(bytesOf(text)), signatures, statement },
  };
}

function refusal(
  rule: string,
  description: string,
  input: StatementRefusal,
  error = "WRONG_SIGNER",
): Invalid<StatementRefusal, string> {
  return { rule, description, input, error };
}

function invalidNodes(): readonly Invalid<StatementRefusal, string>[] {
  const good = nodeStatement(NODE);
  const refused = (rule: string, description: string, statement: object, error?: string) =>
    refusal(
      rule,
      description,
      { kind: "relayNode", name: NODE_NAME, statement: { ...statement } },
      error,
    );
  const proof = (changes: object) => ({ ...good, proof: { ...good.proof, ...changes } });
  return [
    refused(
      "relay-node-as-challenge",
      "Signed without the byte 0xff, as a client signs a challenge that somebody made of this text",
      nodeStatement(NODE, signedAsChallenge("node", nodeText(NODE))),
    ),
    refused(
      "relay-node-by-another-key",
      "Signed by another key than the profile's",
      nodeStatement(NODE, signed("other", nodeText(NODE))),
    ),
    refused(
      "relay-node-of-another-name",
      "Signed for another name",
      nodeStatement(NODE, signed("node", nodeText({ ...NODE, name: SECOND_NAME }))),
    ),
    refused("relay-node-with-another-url", "The profile has another URL than the signed one", {
      ...good,
      url: "https://other.example.com/ds",
    }),
    refused("relay-node-with-another-encryption-key", "The profile has another encryption key", {
      ...good,
      publicEncryptionKey: publicKeys("other").publicEncryptionKey,
    }),
    refused(
      "relay-node-for-another-owner",
      "For another owner than was signed",
      proof({ owner: bob.address }),
    ),
    refused("relay-node-unlisted", "Lists it otherwise than was signed", proof({ listed: false })),
    refused(
      "relay-node-with-a-canary-not-signed",
      "Grants an account to a canary, which was not signed",
      proof({ canary: true }),
    ),
    refused(
      "relay-node-with-a-canary-of-false",
      "Says that it grants no account, which it has to leave out",
      proof({ canary: false }),
      "INVALID_PROFILE",
    ),
    refused(
      "relay-node-at-another-time",
      "At another time than was signed",
      proof({ signedAtSec: SIGNED_AT_SEC + 1 }),
    ),
    refused(
      "relay-node-owner-in-lower-case",
      "An owner without the checksum of EIP-55",
      proof({ owner: alice.address.toLowerCase() }),
      "INVALID_PROFILE",
    ),
    refused(
      "relay-node-in-milliseconds",
      "A time in milliseconds",
      proof({ signedAtSec: SIGNED_AT_SEC * 1000 }),
      "INVALID_PROFILE",
    ),
    refused(
      "relay-node-with-more",
      "A proof with a field that is not known",
      proof({ more: 1 }),
      "INVALID_PROFILE",
    ),
  ];
}

function invalidOthers(): readonly Invalid<StatementRefusal, string>[] {
  const network = networkStatement(GATEWAY, null);
  const [first, second] = network.relayNodes;
  const refusedNetwork = (rule: string, description: string, statement: object, error?: string) =>
    refusal(
      rule,
      description,
      { kind: "network", name: BRIDGE_NAME, statement: { ...statement } },
      error,
    );
  const refusedCertificate = (
    rule: string,
    description: string,
    statement: object,
    name = ALICE_NAME,
  ) => refusal(rule, description, { kind: "certificate", name, statement: { ...statement } });
  const certificate = certificateStatement();
  return [
    refusedNetwork("network-with-an-unsigned-node", "One of its relay nodes did not sign", {
      ...network,
      relayNodes: [first, { ...second, signature: signed("second", "something else") }],
    }),
    refusedNetwork(
      "network-with-one-host-for-both",
      "Its DM3 users have addresses at the host of its own people, so that one address could be two people's",
      networkStatement(ONE_HOST, null),
      "INVALID_PROFILE",
    ),
    refusedNetwork("network-in-another-order", "Its relay nodes in another order than was signed", {
      ...network,
      relayNodes: [second, first],
    }),
    refusedNetwork("network-without-a-node", "Without one of the relay nodes that were signed", {
      ...network,
      relayNodes: [first],
    }),
    refusedNetwork("network-of-another-kind", "A gateway that was signed as one, as a bridge", {
      ...network,
      kind: "bridge",
    }),
    refusedNetwork("network-with-another-domain", "For another domain of the network", {
      ...network,
      nativeDomain: "other.example",
    }),
    refusedNetwork("network-for-another-owner", "For another owner than was signed", {
      ...network,
      owner: bob.address,
    }),
    refusedNetwork(
      "network-with-a-node-twice",
      "A relay node twice",
      { ...network, relayNodes: [first, first] },
      "INVALID_PROFILE",
    ),
    refusedCertificate("certificate-as-challenge", "Signed without the byte 0xff", {
      ...certificateStatement(signedAsChallenge("user", certificateText(ALICE_NAME))),
    }),
    refusedCertificate("certificate-exchanged", "Another certificate than was signed", {
      ...certificate,
      certificate: base64(filled(8, 300)),
    }),
    refusedCertificate("certificate-of-another-address", "For another native address", {
      ...certificate,
      address: "mallory@mail.example",
    }),
    refusedCertificate(
      "certificate-of-another-name",
      "For another name",
      certificate,
      `bob.${DOMAIN}`,
    ),
  ];
}
