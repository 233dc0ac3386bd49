/** The envelopes of the vectors, and the people in them. */
import { decodeBase64 } from "../../../src/dm3/base64.js";
import type { CryptoEngine } from "../../../src/dm3/crypto/cryptoEngine.js";
import type { KeyPair } from "../../../src/dm3/keys/keys.js";
import type { Contact, DecodeOptions } from "../../../src/dm3/message/decodeMessage.js";
import type { RelayNodeFound } from "../../../src/dm3/message/encodeMessage.js";
import { type MessageKeys, messageKeysOf } from "../../../src/dm3/message/messageKeys.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };
import { people } from "../profile/sampleProfiles.js";

type Base64Pair = Readonly<Record<"publicKey" | "privateKey", string>>;

const pairOf = ({ publicKey, privateKey }: Base64Pair): KeyPair => ({
  publicKey: decodeBase64(publicKey),
  privateKey: decodeBase64(privateKey),
});

export function keysFrom(
  engine: CryptoEngine,
  keys: Readonly<Record<"encryptionKeyPair" | "signingKeyPair", Base64Pair>>,
): Promise<MessageKeys> {
  return messageKeysOf(engine, {
    encryptionKeyPair: pairOf(keys.encryptionKeyPair),
    signingKeyPair: pairOf(keys.signingKeyPair),
  });
}

export type Person = "alice" | "bob" | "mallory";

export const keysOf = (engine: CryptoEngine, person: Person) =>
  keysFrom(engine, people[person].keys);

/** ds.example.eth and fallback-ds.example.eth. */
export const [relayNode, fallbackNode] = services.deliveryServices as [
  (typeof services.deliveryServices)[0],
  (typeof services.deliveryServices)[1],
];

export const relayNodeKeys = (engine: CryptoEngine) => keysFrom(engine, relayNode.keys);

export const found = ({ ensName, profile }: typeof relayNode): RelayNodeFound => ({
  status: "found",
  name: ensName,
  profile,
});

const CONTACTS: Readonly<Record<string, Contact>> = Object.fromEntries(
  Object.values(people).map(({ ensName, profile, address }) => [ensName, { profile, address }]),
);

export const contactOf = (name: string): Contact | null =>
  Object.hasOwn(CONTACTS, name) ? (CONTACTS[name] ?? null) : null;

/** How Bob reads, from ds.example.eth. */
export async function bobReads(engine: CryptoEngine): Promise<DecodeOptions> {
  return {
    ...{ keys: await keysOf(engine, "bob"), ownNames: ["bob.eth"], contactOf },
    relayNode: relayNode.profile,
  };
}

/** The same, and this changed at one place, which is given by its path: ["metadata", "version"]. */
export function changed<T>(value: T, path: readonly string[], to: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return to as T;
  const inner = (value as Readonly<Record<string, unknown>>)[key];
  return { ...value, [key]: changed(inner, rest, to) };
}

/** A value in the title of a test. */
export const shown = (value: unknown) =>
  value === undefined ? "nothing" : JSON.stringify(value).slice(0, 30);
