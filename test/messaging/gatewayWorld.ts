/** A gateway's core on a real Postgres, beside a relay node's; the network stands still until a test lets it take something. */
import { join } from "node:path";
import { toHex } from "../../src/abi/hex.js";
import { sha256OfText } from "../../src/abi/sha256.js";
import { decodeBase64 } from "../../src/dm3/base64.js";
import { deriveProfileKeys } from "../../src/dm3/keys/keys.js";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import { proxyEnvelopeOf } from "../../src/dm3/message/proxyEnvelope.js";
import type { SignedUserProfile } from "../../src/dm3/profile/profile.js";
import { profileCreationMessage } from "../../src/dm3/profile/profileSignature.js";
import { type AddressLink, signLink } from "../../src/dm3/statement/addressLink.js";
import { parseAddress } from "../../src/ens/address.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { SignpostError } from "../../src/errors.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { openSealing } from "../../src/installation/openSealing.js";
import {
  formatNativeAddress,
  parseNativeAddress,
} from "../../src/messaging/address/nativeAddress.js";
import type { NamePublisher } from "../../src/messaging/linking.js";
import { type MessagingGateway, messagingGateway } from "../../src/messaging/messagingGateway.js";
import type { Delivery, SubmissionEnd } from "../../src/messaging/network.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { type MessagingStores, messagingStores } from "../db/messaging/messagingDatabase.js";
import { found, relayNode } from "../dm3/message/sampleEnvelopes.js";
import { people, personalSign } from "../dm3/profile/sampleProfiles.js";
import { engineKeysOf, openRelayWorld, type RelayWorld } from "../relay/relayWorld.js";
import { type ListedOutbox, listedOutbox } from "./listedOutbox.js";

export const BOB_AT_CHAT = parseNativeAddress("bob@chat.example", "xmpp");
export const RELAY_NODE = relayNode.ensName as NormalName;
const BOB_KEYS = deriveProfileKeys(decodeBase64(people.bob.storageKey));

export interface GatewayWorld {
  readonly relay: RelayWorld;
  readonly stores: MessagingStores;
  readonly gateway: MessagingGateway;
  /** What the network did. */
  readonly network: {
    connected: boolean;
    /** Throws, where it does. */
    onInject: (deliveries: readonly Delivery[]) => Promise<void>;
    readonly injected: Delivery[];
    readonly told: SubmissionEnd[];
  };
  readonly published: Map<string, { readonly wallet: string; readonly signed: SignedUserProfile }>;
  readonly failures: unknown[];
  readonly outbox: ListedOutbox;
  close(): Promise<void>;
}

/** Bob's profile with this gateway's relay node, signed by his wallet. */
export function bobsProfile(change: Partial<SignedUserProfile["profile"]> = {}): SignedUserProfile {
  const profile = { ...people.bob.profile, deliveryServices: [RELAY_NODE], ...change };
  const message = profileCreationMessage(parseAddress(people.bob.address), profile);
  return {
    profile,
    signature: toHex(personalSign(people.bob.walletPrivateKey, message)),
  };
}

interface LinkChange extends Partial<AddressLink> {
  /** What is signed, where that differs from what is sent. */
  readonly signed?: Partial<Parameters<typeof signLink>[1]>;
  readonly keys?: typeof BOB_KEYS;
}

/** As bob's client sends it. */
export function bobsLink(nowMs: number, { signed, keys, ...change }: LinkChange = {}): string {
  const name = change.name ?? "bob.users.example.eth";
  const signedAtSec = change.signedAtSec ?? Math.floor(nowMs / 1000);
  const claim = {
    ...{ name, signedAtSec, relayNode: RELAY_NODE },
    address: formatNativeAddress(BOB_AT_CHAT),
    ...signed,
  };
  const { privateKey } = (keys ?? BOB_KEYS).signingKeyPair;
  return JSON.stringify({
    ...{ name, signedAtSec, wallet: people.bob.address, profile: bobsProfile() },
    signature: signLink(privateKey, claim),
    ...change,
  });
}

/** Bob's message to alice, as his client submits it. */
export async function bobsSubmission(text = "Hello Alice") {
  const receiver = { profile: people.alice.profile, relayNodes: [found(relayNode)] };
  const message = { from: "bob.eth", to: "alice.eth", type: "NEW", text, timestampMs: 1 } as const;
  const encoded = await encodeMessage(message, { keys: await engineKeysOf("bob"), receiver });
  const envelope = JSON.stringify(proxyEnvelopeOf(encoded));
  const hash = toHex(sha256OfText(envelope)).slice(2);
  return { from: BOB_AT_CHAT, to: "alice.eth" as NormalName, envelope, hash };
}

export async function openGatewayWorld(): Promise<GatewayWorld> {
  const relay = await openRelayWorld();
  const stores = await messagingStores(relay.database);
  const failures: unknown[] = [];
  const published: GatewayWorld["published"] = new Map();
  const { pool } = relay.database;
  const folder = await temporaryFolder();
  const file = join(folder, "secrets.key");
  await makeKeyFile(file);
  const { secrets } = await openSealing(pool, { key: { kind: "file", file }, formerKeys: [] });
  const outbox = listedOutbox(pool, stores.outboxSchema, stores.tables, secrets);
  const network: GatewayWorld["network"] = {
    connected: true,
    onInject: () => Promise.resolve(),
    injected: [],
    told: [],
  };
  const publisher: NamePublisher = {
    publish: (name, wallet, signed) => {
      const before = published.get(name);
      if (before !== undefined && before.wallet !== toHex(wallet)) {
        const sentence = `${name} belongs to another wallet.`;
        throw new SignpostError("INVALID_REQUEST", sentence, { field: "profile" });
      }
      published.set(name, { wallet: toHex(wallet), signed });
      return Promise.resolve();
    },
    withdraw: (name) => {
      published.delete(name);
      return Promise.resolve();
    },
  };
  const nowMs = () => relay.clock.nowMs;
  const gateway = messagingGateway({
    relayNode: RELAY_NODE,
    given: {
      names: {
        kind: "xmpp",
        domain: "users.example.eth" as NormalName,
        nativeDomain: "chat.example",
        virtualDomain: "dm3.chat.example",
      },
      publisher,
    },
    ...{ directory: relay.directory, accounts: relay.database.accounts, ...stores, outbox, nowMs },
    network: {
      isConnected: () => network.connected,
      inject: async (deliveries) => {
        if (!network.connected) throw new SignpostError("UNREACHABLE", "It is not connected.");
        await network.onInject(deliveries);
        network.injected.push(...deliveries);
        return [];
      },
      tell: (end) => {
        network.told.push(end);
        return Promise.resolve();
      },
    },
    place: () => null,
    wake: () => undefined,
    counter: rateLimits(nowMs),
    ...{ sizeLimit: 100_000, deadlineMs: 60_000 },
    reportFailure: (error) => failures.push(error),
    note: () => undefined,
  });
  return {
    ...{ relay, stores, gateway, network, published, failures, outbox },
    close: async () => {
      await relay.close();
      await removeFolder(folder);
    },
  };
}
