/** The node's own keys: made at its first start, kept sealed, the same for all of its processes. */
import { randomBytes } from "node:crypto";
import type { Pool } from "../../db/pool.js";
import { nodeSecret } from "../../db/relay/nodeSecrets.js";
import type { RelayTables } from "../../db/relay/relayTables.js";
import type { CryptoEngine } from "../../dm3/crypto/cryptoEngine.js";
import { workingEngine } from "../../dm3/crypto/workingEngine.js";
import {
  deriveEncryptionKeyPair,
  deriveSigningKeyPair,
  publicKeyFields,
} from "../../dm3/keys/keys.js";
import { type MessageKeys, messageKeysOf } from "../../dm3/message/messageKeys.js";
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import { nodeEngine } from "../../native/nodeEngine.js";
import { sodiumEngine } from "../../native/sodiumEngine.js";
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
  const secretOf = (name: string) =>
    nodeSecret(pool, tables, secrets, name, () => new Uint8Array(randomBytes(SECRET_BYTES)));
  const pairs = {
    encryptionKeyPair: deriveEncryptionKeyPair(await secretOf("encryption-seed")),
    signingKeyPair: deriveSigningKeyPair(await secretOf("signing-seed")),
  };
  return {
    keys: await messageKeysOf(await fastestEngine(), pairs),
    publicKeys: publicKeyFields(pairs),
    tokenSecret: await secretOf("token-secret"),
  };
}

/** Of those whose cryptography is compiled. */
async function fastestEngine(): Promise<CryptoEngine> {
  const sodium = await sodiumEngine();
  return sodium === null ? nodeEngine : workingEngine(sodium, nodeEngine);
}
