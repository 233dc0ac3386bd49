/**
 * What a messaging gateway or a bridge says of itself: which network it joins, whose people have names through it, by which relay
 * nodes, and what it carries. The text record `network.dm3.network` of a name, JSON.
 *
 *   gateway   joins a network that cooperates: nobody but the users holds their keys
 *   bridge    joins one that does not: it holds the DM3 keys of that network's people, and their network's own encryption stays
 *
 * Each of its relay nodes signs the record, so that nobody names nodes that know nothing of it.
 */
import { SignpostError } from "../../errors.js";
import { closedObject, document, type Field } from "../profile/closedObject.js";
import { deliveryServiceName, publicKey, textLike } from "../profile/profileFields.js";
import { dm3Hash } from "../stringify.js";
import {
  keySignature,
  listOf,
  oneOf,
  ownerOrNull,
  unixSeconds,
  wholeNumber,
} from "./statementFields.js";
import { isSignedStatement, signStatement } from "./statementSignature.js";

/** Text record of a messaging gateway or a bridge. */
export const NETWORK_KEY = "network.dm3.network";

const NETWORK_KINDS = ["gateway", "bridge"] as const;
const DIRECTIONS = ["both", "toNetwork", "fromNetwork"] as const;
/** The first rule by which addresses and names lead to one another (messaging/address). */
const ADDRESS_RULE = 1;

export interface NetworkDescription {
  readonly kind: (typeof NETWORK_KINDS)[number];
  /** The network's protocol: `xmpp`, `mail`. */
  readonly network: string;
  /** ENS name below which the network's people have their names. */
  readonly names: string;
  /** The one domain of the network whose people they are; null where the names say whose (`alice.mail.example.…`). */
  readonly nativeDomain: string | null;
  /** The host in the addresses that DM3 users have in the network; not that of the network's own people. */
  readonly virtualDomain: string;
  /** By which addresses and names lead to one another, unless a table says otherwise. */
  readonly addressRule: number;
  readonly directions: (typeof DIRECTIONS)[number];
  /** In which forms the network's clients read and write: `dm3`, `openpgp-mime`. */
  readonly codecs: readonly string[];
  /** DM3's message types that reach the other side as what they are. */
  readonly messageTypes: readonly string[];
  /** In bytes, of one message. */
  readonly sizeLimit: number;
  /** Messages an hour of one sender. */
  readonly hourlyLimit: number;
}

export interface SigningNode {
  /** ENS name of the relay node; in the order in which they are to be tried. */
  readonly name: string;
  /** Base64 of 32 bytes: has to be the one of the node's own profile. */
  readonly publicSigningKey: string;
  /** Ed25519, base64 of 64 bytes. */
  readonly signature: string;
}

export interface NetworkRecord extends NetworkDescription {
  /** The wallet that owns the record's name, with its checksum (EIP-55); null for a name that is its service's own. */
  readonly owner: string | null;
  readonly signedAtSec: number;
  readonly relayNodes: readonly SigningNode[];
}

/** What each relay node signs. */
export interface NetworkClaim {
  /** That the record belongs to, in normal form. */
  readonly name: string;
  readonly owner: string | null;
  readonly description: NetworkDescription;
  /** The names of all relay nodes, in their order. */
  readonly relayNodes: readonly string[];
  readonly signedAtSec: number;
}

const MOST_NODES = 16;
const MOST_CODECS = 8;
const MOST_TYPES = 16;
const HOST = /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const TYPE = /^[A-Z](?:[A-Z_]{0,30}[A-Z])?$/;
/** A gigabyte, and as many as nobody sends. */
const MOST_BYTES = 2 ** 30;
const MOST_MESSAGES = 1_000_000;

export function networkStatement(claim: NetworkClaim): string {
  const { name, owner, description, relayNodes, signedAtSec } = claim;
  return [
    `I carry messages for the DM3 ${description.kind} ${name}.`,
    `owner of the name: ${owner ?? "its service"}`,
    `network: ${dm3Hash(description)}`,
    `relay nodes: ${relayNodes.join(", ")}`,
    `signed at: ${signedAtSec}`,
  ].join("\n");
}

/** @param privateKey of one node's signing key: an Ed25519 seed, 32 bytes, alone or with the public key behind it */
export function signNetwork(privateKey: Uint8Array, claim: NetworkClaim): string {
  return signStatement(privateKey, networkStatement(claim));
}

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseNetworkRecord(json: unknown): NetworkRecord {
  const whole = document("network record", json);
  const record = closedObject<NetworkRecord>(whole, {
    kind: oneOf(NETWORK_KINDS),
    network: textLike(SLUG, "must be a word such as xmpp or mail"),
    names: deliveryServiceName,
    nativeDomain: (field) => (field.value === null ? null : host(field)),
    virtualDomain: host,
    addressRule: wholeNumber(ADDRESS_RULE, ADDRESS_RULE),
    directions: oneOf(DIRECTIONS),
    codecs: listOf(textLike(SLUG, "must be a word such as openpgp-mime"), MOST_CODECS, itself),
    messageTypes: listOf(textLike(TYPE, "must be a message type such as NEW"), MOST_TYPES, itself),
    sizeLimit: wholeNumber(1, MOST_BYTES),
    hourlyLimit: wholeNumber(1, MOST_MESSAGES),
    owner: ownerOrNull,
    signedAtSec: unixSeconds,
    relayNodes: listOf(signingNode, MOST_NODES, ({ name }) => name),
  });
  const { nativeDomain, virtualDomain } = record;
  // one address could be that of two people
  if (virtualDomain === nativeDomain) {
    throw whole
      .below("virtualDomain", virtualDomain)
      .refusal("must be another host than nativeDomain, whose addresses are its own people's");
  }
  return record;
}

/** What its relay nodes signed. */
export function claimOf(name: string, record: NetworkRecord): NetworkClaim {
  const { owner, signedAtSec, relayNodes, ...description } = record;
  return { name, owner, description, signedAtSec, relayNodes: relayNodes.map((node) => node.name) };
}

/** Whether each of the relay nodes signed it for this name and its owner, by the key that it names. */
export function isNetworkOf(name: string, owner: string | null, record: NetworkRecord): boolean {
  if (record.owner !== owner) return false;
  const statement = networkStatement(claimOf(name, record));
  return record.relayNodes.every(({ publicSigningKey, signature }) =>
    isSignedStatement(publicSigningKey, statement, signature),
  );
}

/** @throws WRONG_SIGNER */
export function assertNetworkOf(name: string, owner: string | null, record: NetworkRecord): void {
  if (isNetworkOf(name, owner, record)) return;
  throw new SignpostError(
    "WRONG_SIGNER",
    `The network record is not signed by all of its relay nodes for ${name}, owned by ${owner ?? "its service"}. Let each sign it with its key: signpost network prove.`,
    { name },
  );
}

const itself = (text: string) => text;

const host = textLike(HOST, "must be a host name in lower case");

function signingNode(field: Field): SigningNode {
  return closedObject<SigningNode>(field, {
    name: deliveryServiceName,
    publicSigningKey: publicKey,
    signature: keySignature,
  });
}
