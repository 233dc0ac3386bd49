/** Beside a scene: a messaging gateway to chat.example with two relay nodes, and bob, one of its people. */
import { encodeBase64 } from "../../src/dm3/base64.js";
import { deriveProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import type { DeliveryServiceProfile } from "../../src/dm3/profile/profile.js";
import {
  encodeDeliveryServiceRecord,
  encodeProfileRecord,
} from "../../src/dm3/profile/profileRecord.js";
import { type CertificateRecord, signCertificate } from "../../src/dm3/statement/certificate.js";
import {
  type NetworkDescription,
  type NetworkRecord,
  signNetwork,
} from "../../src/dm3/statement/networkRecord.js";
import { type NodeProof, proveNode } from "../../src/dm3/statement/nodeProof.js";
import { checksumAddress, parseAddress } from "../../src/ens/address.js";
import { aliceAddress, people, signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { createScene, DOMAIN, PROFILE_KEY, RELAY_KEY, type Scene } from "./scene.js";
import { records } from "./signingGateway.js";

export const NETWORK = `xmpp.${DOMAIN}`;
export const NODES = [`one.${NETWORK}`, `two.${NETWORK}`] as const;
export const PEOPLE = `chat.${DOMAIN}`;
export const BOB = `bob.${PEOPLE}`;
export const OWNER = checksumAddress(aliceAddress);
const NETWORK_KEY = "network.dm3.network";
export const PROOF_KEY = "network.dm3.deliveryService.proof";
export const CERTIFICATE_KEY = "network.dm3.certificate.openpgp";
const SIGNED_AT_SEC = 1_780_000_000;

const nodeKeys = [81, 82].map((byte) => deriveProfileKeys(new Uint8Array(32).fill(byte)));
const bobKeys = deriveProfileKeys(new Uint8Array(32).fill(83));
export const strangerKeys = deriveProfileKeys(new Uint8Array(32).fill(84));

export const DESCRIPTION: NetworkDescription = {
  ...{ kind: "gateway", network: "xmpp", names: PEOPLE, nativeDomain: "chat.example" },
  ...{ virtualDomain: "dm3.chat.example", addressRule: 1, directions: "both" },
  ...{ codecs: ["dm3"], messageTypes: ["NEW"], sizeLimit: 131_072, hourlyLimit: 600 },
};

export const nodeProfiles: readonly DeliveryServiceProfile[] = nodeKeys.map((keys, index) => ({
  ...publicKeyFields(keys),
  url: `https://relay${index + 1}.example`,
}));

/** Signed by both nodes. */
export function networkRecord(
  change: Partial<NetworkDescription> = {},
  owner: string | null = OWNER,
  name = NETWORK,
): NetworkRecord {
  const description = { ...DESCRIPTION, ...change };
  const claim = { name, owner, description, relayNodes: NODES, signedAtSec: SIGNED_AT_SEC };
  const relayNodes = nodeKeys.map((keys, index) => ({
    name: NODES[index]!,
    publicSigningKey: publicKeyFields(keys).publicSigningKey,
    signature: signNetwork(keys.signingKeyPair.privateKey, claim),
  }));
  return { ...description, owner, signedAtSec: SIGNED_AT_SEC, relayNodes };
}

/** Of the first node. */
export function nodeProof(owner: string | null = OWNER, name: string = NODES[0]): NodeProof {
  const claim = { name, owner, profile: nodeProfiles[0]!, listed: true };
  return proveNode(nodeKeys[0]!.signingKeyPair.privateKey, {
    ...claim,
    signedAtSec: SIGNED_AT_SEC,
  });
}

/** Of bob. */
export function certificateRecord(keys = bobKeys, bytes = 300): CertificateRecord {
  const { publicSigningKey } = publicKeyFields(keys);
  return signCertificate(keys.signingKeyPair.privateKey, publicSigningKey, {
    ...{ name: BOB, scheme: "openpgp", address: "bob@chat.example", signedAtSec: SIGNED_AT_SEC },
    certificate: encodeBase64(new Uint8Array(bytes).fill(7)),
  });
}

export interface NetworkScene {
  publishNetwork(record: unknown, owner?: Uint8Array): void;
  publishNode(
    index: number,
    texts?: Record<string, string>,
    profile?: DeliveryServiceProfile,
  ): void;
  publishBob(texts?: Record<string, string>, deliveryServices?: readonly string[]): void;
}

/** Publishes all of them, each as it should be. */
export function networkScene(scene: Scene): NetworkScene {
  const world: NetworkScene = {
    publishNetwork(record, owner = aliceAddress) {
      scene.names.set(NETWORK, records({ [NETWORK_KEY]: JSON.stringify(record) }, owner));
    },
    publishNode(index, texts = {}, profile = nodeProfiles[index]!) {
      const all = { [RELAY_KEY]: encodeDeliveryServiceRecord(profile), ...texts };
      scene.names.set(NODES[index]!, records(all, aliceAddress));
    },
    publishBob(texts = {}, deliveryServices = NODES) {
      const profile = { ...publicKeyFields(bobKeys), deliveryServices };
      const all = { [PROFILE_KEY]: encodeProfileRecord(signedByAlice(profile)), ...texts };
      scene.names.set(BOB, records(all, aliceAddress));
    },
  };
  world.publishNetwork(networkRecord());
  NODES.forEach((_, index) => {
    world.publishNode(index);
  });
  world.publishBob();
  return world;
}

/** For a suite: the scene is made once, and what is published there anew before each test. */
export function networkSuite() {
  let scene: Scene | null = null;
  let world: NetworkScene | null = null;
  before(async () => {
    scene = await createScene();
  });
  beforeEach(async () => {
    await scene?.reset();
    world = scene && networkScene(scene);
  });
  after(() => scene?.close());
  return {
    get scene(): Scene {
      return ready(scene);
    },
    get world(): NetworkScene {
      return ready(world);
    },
  };
}

function ready<T>(made: T | null): T {
  if (made === null) throw new Error("The suite has not begun.");
  return made;
}

/** Somebody else's address. */
export const otherAddress = parseAddress(people.bob.address);
