/** The node's own keys: made at its first start, kept sealed, the same for all of its processes. */
import { randomBytes } from "node:crypto";
import type { Pool } from "../../db/pool.js";
import { nodeSecret } from "../../db/relay/nodeSecrets.js";
import type { RelayTables } from "../../db/relay/relayTables.js";
import {
  deriveEncryptionKeyPair,
  deriveSigningKeyPair,
  type ProfileKeys,
  publicKeyFields,
} from "../../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../../dm3/message/messageKeys.js";
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import { nodeEngine } from "../../native/nodeEngine.js";
import type { Secrets } from "../../sealing/secrets.js";

export interface RelayKeys {
  readonly keys: MessageKeys;
  /** Of the profile to publish. */
  readonly publicKeys: Omit<DeliveryServiceProfile, "url">;
  /** What tokens are signed by: for nothing else, and derived from nothing. */
  readonly tokenSecret: Uint8Array;
}

const SECRET_BYTES = 32;

/** Throws as `Secrets` does: SECRETS_KEY_MISSING without the operator's key. */
export async function relayKeys(
  pool: Pool,
  tables: RelayTables,
  secrets: Secrets,
): Promise<RelayKeys> {
  const pairs = await relayKeyPairs(pool, tables, secrets);
  return {
    keys: await messageKeysOf(nodeEngine, pairs),
    publicKeys: publicKeyFields(pairs),
    tokenSecret: await secretOf(pool, tables, secrets, "token-secret"),
  };
}

/** The keys themselves, for what is signed apart from messages. Throws as `relayKeys`. */
export async function relayKeyPairs(
  pool: Pool,
  tables: RelayTables,
  secrets: Secrets,
): Promise<ProfileKeys> {
  const seedOf = (name: string) => secretOf(pool, tables, secrets, name);
  return {
    encryptionKeyPair: deriveEncryptionKeyPair(await seedOf("encryption-seed")),
    signingKeyPair: deriveSigningKeyPair(await seedOf("signing-seed")),
  };
}

function secretOf(
  pool: Pool,
  tables: RelayTables,
  secrets: Secrets,
  name: string,
): Promise<Uint8Array> {
  return nodeSecret(pool, tables, secrets, name, () => new Uint8Array(randomBytes(SECRET_BYTES)));
}
