/** Statements by DM3 keys of the tests, for a name and its owner. */
import { encodeBase64 } from "../../src/dm3/base64.js";
import { deriveProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import { type CertificateRecord, signCertificate } from "../../src/dm3/statement/certificate.js";
import {
  type NetworkDescription,
  type NetworkRecord,
  signNetwork,
} from "../../src/dm3/statement/networkRecord.js";
import { proveNode } from "../../src/dm3/statement/nodeProof.js";

const KEYS = deriveProfileKeys(new Uint8Array(32).fill(71));
const { privateKey } = KEYS.signingKeyPair;
export const SIGNED_AT_SEC = 1_700_000_000;

const DESCRIPTION: NetworkDescription = {
  ...{ kind: "gateway", network: "xmpp", names: "users.example.eth", nativeDomain: "chat.example" },
  ...{ virtualDomain: "dm3.chat.example", addressRule: 1, directions: "both", codecs: ["dm3"] },
  ...{ messageTypes: ["NEW"], sizeLimit: 131_072, hourlyLimit: 600 },
};

export const NODE_PROFILE = { ...publicKeyFields(KEYS), url: "https://relay.example" };

/** As it is registered: the profile, and the node's proof beside its fields. */
export function provenNode(name: string, owner: string | null, signedAtSec = SIGNED_AT_SEC) {
  const claim = { name, owner, profile: NODE_PROFILE, listed: true, signedAtSec };
  return { ...NODE_PROFILE, proof: proveNode(privateKey, claim) };
}

export function signedNetwork(
  name: string,
  owner: string | null,
  change: Partial<NetworkDescription> = {},
  signedAtSec = SIGNED_AT_SEC,
): NetworkRecord {
  const description = { ...DESCRIPTION, ...change };
  const node = `relay.${description.names}`;
  const claim = { name, owner, description, relayNodes: [node], signedAtSec };
  const signature = signNetwork(privateKey, claim);
  const { publicSigningKey } = NODE_PROFILE;
  return {
    ...description,
    ...{ owner, signedAtSec },
    relayNodes: [{ name: node, publicSigningKey, signature }],
  };
}

/** @param keys of the user's profile */
export function signedCertificate(
  name: string,
  keys = KEYS,
  signedAtSec = SIGNED_AT_SEC,
): CertificateRecord {
  return signCertificate(keys.signingKeyPair.privateKey, publicKeyFields(keys).publicSigningKey, {
    ...{ name, scheme: "openpgp", address: `${name}@mail.example`, signedAtSec },
    certificate: encodeBase64(new Uint8Array(300).fill(7)),
  });
}
