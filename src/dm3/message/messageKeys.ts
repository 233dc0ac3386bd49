/** The keys of a user or of a relay node, ready for use in an engine: prepared once, for all messages. */
import type { CryptoEngine, EncryptionKey, SigningKey } from "../crypto/cryptoEngine.js";
import type { ProfileKeys } from "../keys/keys.js";

export interface MessageKeys {
  readonly engine: CryptoEngine;
  readonly encryptionKey: EncryptionKey;
  readonly signingKey: SigningKey;
}

const SEED_BYTES = 32;

/**
 * The public halves are computed again: one that does not belong to its seed would give the signing key away.
 * @throws INVALID_REQUEST when a private key has another length
 */
export async function messageKeysOf(
  engine: CryptoEngine,
  { encryptionKeyPair, signingKeyPair }: ProfileKeys,
): Promise<MessageKeys> {
  return {
    engine,
    encryptionKey: await engine.encryptionKey(encryptionKeyPair.privateKey),
    signingKey: await engine.signingKey(signingKeyPair.privateKey.subarray(0, SEED_BYTES)),
  };
}
