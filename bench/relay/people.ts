/** Who writes to whom, and what every server knows of them: a table in the place of ENS. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as yieldToOthers } from "node:timers/promises";
import { Wallet } from "ethers";
import { encodeBase64 } from "../../src/dm3/base64.js";
import {
  deriveEncryptionKeyPair,
  deriveProfileKeys,
  deriveSigningKeyPair,
  type KeyPair,
  type ProfileKeys,
  publicKeyFields,
} from "../../src/dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../../src/dm3/message/messageKeys.js";
import type { DeliveryServiceProfile, SignedUserProfile } from "../../src/dm3/profile/profile.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { createProfile } from "../../src/wallet/createProfile.js";

const RELAY_NODE = "relay.example.eth";

export interface Sender {
  readonly name: string;
  readonly keys: MessageKeys;
}

export interface Receiver {
  readonly name: string;
  readonly keys: ProfileKeys;
  readonly signed: SignedUserProfile;
}

export interface People {
  /** They write again and again, so who they are is remembered. */
  readonly regulars: readonly Sender[];
  /** Each of them writes once. */
  readonly strangers: readonly Sender[];
  readonly receivers: readonly Receiver[];
  /** Of the relay node, whichever it is. */
  readonly relayNode: DeliveryServiceProfile;
  /** What the servers read. */
  readonly file: string;
}

export interface Crowd {
  readonly regulars: number;
  readonly strangers: number;
  readonly receivers: number;
}

export async function makePeople(crowd: Crowd, folder: string): Promise<People> {
  const seeds = { encryption: seed(), signing: seed() };
  const node = {
    encryptionKeyPair: deriveEncryptionKeyPair(seeds.encryption),
    signingKeyPair: deriveSigningKeyPair(seeds.signing),
  };
  const persons: Record<string, object> = {};
  const sendersNamed = async (word: string, count: number): Promise<readonly Sender[]> => {
    const senders: Sender[] = [];
    for (let i = 0; i < count; i++) {
      // nothing in here waits for anything, and an interruption would not be heard
      await yieldToOthers();
      const [name, keys] = [`${word}-${i}.example.eth`, deriveProfileKeys(seed())];
      const profile = { ...publicKeyFields(keys), deliveryServices: [RELAY_NODE] };
      persons[name] = { address: `0x${randomBytes(20).toString("hex")}`, profile };
      senders.push({ name, keys: await messageKeysOf(nodeEngine, keys) });
    }
    return senders;
  };
  const regulars = await sendersNamed("regular", crowd.regulars);
  const strangers = await sendersNamed("stranger", crowd.strangers);
  const receivers: Receiver[] = [];
  for (let i = 0; i < crowd.receivers; i++) {
    const name = `receiver-${i}.example.eth`;
    const created = await createProfile(Wallet.createRandom(), [RELAY_NODE]);
    const { address, signedUserProfile: signed, keys } = created;
    persons[name] = { address, profile: signed.profile };
    receivers.push({ name, keys, signed });
  }
  const file = join(folder, "people.json");
  const content = {
    nodeSeeds: {
      encryption: Buffer.from(seeds.encryption).toString("hex"),
      signing: Buffer.from(seeds.signing).toString("hex"),
    },
    nodeKeys: {
      encryptionKeyPair: inBase64(node.encryptionKeyPair),
      signingKeyPair: inBase64(node.signingKeyPair),
    },
    persons,
  };
  await writeFile(file, JSON.stringify(content));
  const relayNode = { ...publicKeyFields(node), url: "https://relay.example/ds" };
  return { regulars, strangers, receivers, relayNode, file };
}

const seed = () => new Uint8Array(randomBytes(32));

const inBase64 = ({ publicKey, privateKey }: KeyPair) => ({
  publicKey: encodeBase64(publicKey),
  privateKey: encodeBase64(privateKey),
});
