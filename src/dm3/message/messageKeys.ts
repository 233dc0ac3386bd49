/** The keys of a user or of a relay node, ready for use in an engine: prepared once, for all messages. */
import type { CryptoEngine, EncryptionKey, SigningKey } from "../crypto/cryptoEngine.js";
import type { ProfileKeys } from "../keys/keys.js";
import { checkedSeed, encryptionPrivateKeyOf, SEED_BYTES } from "../keys/privateHalves.js";

export interface MessageKeys {
  readonly engine: CryptoEngine;
  readonly encryptionKey: EncryptionKey;
  readonly signingKey: SigningKey;
}

/**
 * The public halves are computed by the engine: one that does not belong to its seed would give the signing key away.
 * @param keys the key pairs of a profile, or the 32 bytes that they are derived from: the storage key
 * @throws INVALID_REQUEST when a private key or the storage key has another length
 */
export async function messageKeysOf(
  engine: CryptoEngine,
  keys: ProfileKeys | Uint8Array,
): Promise<MessageKeys> {
  const { encryption, seed } = "signingKeyPair" in keys ? given(keys) : derived(keys);
  return {
    engine,
    encryptionKey: await engine.encryptionKey(encryption),
    signingKey: await engine.signingKey(seed),
  };
}

function derived(storageKey: Uint8Array) {
  return { encryption: encryptionPrivateKeyOf(storageKey), seed: checkedSeed(storageKey) };
}

function given({ encryptionKeyPair, signingKeyPair }: ProfileKeys) {
  const seed = signingKeyPair.privateKey.subarray(0, SEED_BYTES);
  return { encryption: encryptionKeyPair.privateKey, seed };
}
