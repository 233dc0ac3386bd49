/** Devices of Alice and Bob with a storage, in the world of two relay nodes: the first of them is the storage as well. */
import { decodeBase64 } from "../../src/dm3/base64.js";
import type { HashField } from "../../src/dm3/message/envelope.js";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import type { MessengerOptions } from "../../src/sdk/messagesNode.js";
import {
  type Conversation,
  createStorage,
  type MessageStorage,
  type StoredMessage,
} from "../../src/sdk/storageNode.js";
import { type KeyValue, memoryKeyValue } from "../../src/sending/keyValue.js";
import type { Person } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { type TestMessenger, testMessenger } from "../messenger/messengerWorld.js";

export const ADDRESS_DOMAIN = "addr.example.eth";

/** What dm3's web client calls a person. */
export const addressNameOf = (person: Person) =>
  `${people[person].address.toLowerCase()}.${ADDRESS_DOMAIN}`;

export interface Device extends TestMessenger {
  readonly storage: MessageStorage;
  readonly store: KeyValue;
  conversations(): Promise<readonly Conversation[]>;
  /** Newest first. */
  history(contact: string): Promise<readonly StoredMessage[]>;
}

/** In it both have accounts at both relay nodes, and their address names lead to them. */
export async function createStorageWorld(
  hashFields: readonly HashField[] = [],
): Promise<NodeWorld> {
  const world = await createNodeWorld(hashFields);
  for (const person of ["alice", "bob"] as const) await publishAddressName(world, person);
  for (const person of ["alice", "bob"] as const) {
    for (const node of world.nodes) await world.signUp(person, node);
  }
  return world;
}

export async function publishAddressName({ ens }: NodeWorld, person: Person): Promise<void> {
  const name = addressNameOf(person);
  await ens.setResolver(name, ens.publicResolver);
  await ens.setAddress(name, people[person].address);
  const record = encodeProfileRecord(people[person].signedUserProfile);
  await ens.setText(name, "network.dm3.profile", record);
}

export type DeviceArguments = readonly [
  person: "alice" | "bob",
  /** Of the storage. Default: that of the first relay node. */
  url?: string,
  more?: Partial<MessengerOptions>,
];

export async function device(
  world: NodeWorld,
  ...[person, url = world.nodes[0].url, more = {}]: DeviceArguments
): Promise<Device> {
  const storage = createStorage({
    ...{ url, addressDomain: ADDRESS_DOMAIN },
    keys: decodeBase64(people[person].storageKey),
  });
  const store = more.store ?? memoryKeyValue();
  const messenger = await testMessenger(world, person, { ...more, store, storage });
  return {
    ...{ ...messenger, storage, store },
    conversations: () => allOf(storage.conversations()),
    history: (contact) => allOf(storage.messages(contact)),
  };
}

export async function allOf<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** As somebody reads a conversation, newest first. */
export const textsIn = (messages: readonly StoredMessage[]) =>
  messages.map(({ content }) => ("text" in content ? content.text : content.type));
