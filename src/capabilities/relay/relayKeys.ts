/** The node's own keys: made at its first start, kept sealed, the same for all of its processes, exchanged by an operator. */
import { randomBytes } from "node:crypto";
import type { Pool } from "../../db/pool.js";
import { type KeySet, keySetStore, secretNamesOf } from "../../db/relay/keySetStore.js";
import { nodeSecret } from "../../db/relay/nodeSecrets.js";
import type { RelayTables } from "../../db/relay/relayTables.js";
import type { CryptoEngine } from "../../dm3/crypto/cryptoEngine.js";
import {
  deriveEncryptionKeyPair,
  deriveSigningKeyPair,
  type ProfileKeys,
  publicKeyFields,
} from "../../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../../dm3/message/messageKeys.js";
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import { SignpostError } from "../../errors.js";
import { messageEngine } from "../../native/messageEngine.js";
import type { NodeKeys } from "../../relay/nodeKeys.js";
import type { Secrets } from "../../sealing/secrets.js";

export type PublicKeys = Omit<DeliveryServiceProfile, "url">;

export interface OpenKeySet extends KeySet {
  readonly keys: MessageKeys;
  readonly publicKeys: PublicKeys;
}

export interface RelayKeys {
  readonly nodeKeys: NodeKeys;
  /** The current one first. */
  readonly all: () => readonly OpenKeySet[];
  /** Reads what there is now. Throws as `relayKeys`. */
  readonly refresh: () => Promise<void>;
  /** What tokens are signed by: for nothing else, and derived from nothing. */
  readonly tokenSecret: Uint8Array;
}

const SECRET_BYTES = 32;
/** Whoever sends what nobody can open makes this node look for keys, but not more often. */
const LOOK_AGAIN_MS = 1_000;

/** Throws as `Secrets` does: SECRETS_KEY_MISSING without the operator's key. */
export async function relayKeys(
  pool: Pool,
  tables: RelayTables,
  secrets: Secrets,
): Promise<RelayKeys> {
  const secretOf = (name: string) =>
    nodeSecret(pool, tables, secrets, name, () => new Uint8Array(randomBytes(SECRET_BYTES)));
  const store = keySetStore(pool, tables);
  const engine = await messageEngine();
  const open = new Map<number, Pick<OpenKeySet, "keys" | "publicKeys">>();
  let all: readonly OpenKeySet[] = [];
  let looking: Promise<boolean> | null = null;
  let lookedMs = -Infinity;

  async function refresh(): Promise<void> {
    const found: OpenKeySet[] = [];
    for (const set of await store.keySets()) {
      const { number } = set;
      let pair = open.get(number);
      if (pair === undefined) open.set(number, (pair = await openPair(engine, number, secretOf)));
      found.push({ ...set, ...pair });
    }
    for (const number of [...open.keys()]) {
      if (!found.some((one) => one.number === number)) open.delete(number);
    }
    all = found;
  }

  async function look(): Promise<boolean> {
    const before = all.map(({ number }) => number);
    await refresh();
    return all.some(({ number }) => !before.includes(number));
  }

  await refresh();
  return {
    nodeKeys: {
      current: () => currentOf(all).keys,
      opening: () => all.map(({ keys }) => keys),
      lookAgain: async () => {
        if (looking === null && performance.now() - lookedMs < LOOK_AGAIN_MS) return false;
        lookedMs = performance.now();
        looking ??= look().finally(() => (looking = null));
        return looking;
      },
    },
    all: () => all,
    refresh,
    tokenSecret: await secretOf("token-secret"),
  };
}

/** Throws INTERNAL where there is none. */
export function currentOf(all: readonly OpenKeySet[]): OpenKeySet {
  const current = all.find(({ state }) => state === "current");
  if (current !== undefined) return current;
  throw new SignpostError("INTERNAL", "The relay node has no current keys; please report it.");
}

/** Whose record an operator has to publish: the next ones, where there are some. */
export function toPublishOf(all: readonly OpenKeySet[]): OpenKeySet {
  return all.find(({ state }) => state === "next") ?? currentOf(all);
}

/** Of the keys to publish, for what is signed apart from messages. Throws as `relayKeys`. */
export async function keysToProve(
  pool: Pool,
  tables: RelayTables,
  secrets: Secrets,
): Promise<ProfileKeys> {
  const { number } = toPublishOf((await relayKeys(pool, tables, secrets)).all());
  return keyPairsOf(number, (name) =>
    nodeSecret(pool, tables, secrets, name, () => {
      throw new SignpostError("INTERNAL", "The relay node's keys are gone; please report it.");
    }),
  );
}

async function openPair(
  engine: CryptoEngine,
  number: number,
  secretOf: (name: string) => Promise<Uint8Array>,
): Promise<Pick<OpenKeySet, "keys" | "publicKeys">> {
  const pairs = await keyPairsOf(number, secretOf);
  return { keys: await messageKeysOf(engine, pairs), publicKeys: publicKeyFields(pairs) };
}

async function keyPairsOf(
  number: number,
  secretOf: (name: string) => Promise<Uint8Array>,
): Promise<ProfileKeys> {
  const { encryption, signing } = secretNamesOf(number);
  return {
    encryptionKeyPair: deriveEncryptionKeyPair(await secretOf(encryption)),
    signingKeyPair: deriveSigningKeyPair(await secretOf(signing)),
  };
}
