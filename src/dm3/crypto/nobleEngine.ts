/** JavaScript alone: for runtimes without X25519 and Ed25519 in WebCrypto. */
import { montgomery } from "@noble/curves/abstract/montgomery.js";
import { hashes, Point, sign, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { checkedEngine } from "./checkedEngine.js";
import type { CryptoEngine, EncryptionKey, Entropy } from "./cryptoEngine.js";
import { NOBLE_COMMON, nullWhenRefused } from "./nobleCommon.js";
import { clamp, ed25519PublicKey, x25519PublicKey } from "./publicHalves.js";

const P = Point.CURVE().p;

/**
 * Of `@noble/curves` the ladder of RFC 7748 alone: Ed25519 is here already, three times as small, for the public halves of
 * keys.
 */
const x25519 = montgomery({ P, type: "x25519", powPminus2: inverse, adjustScalarBytes: clamp });

/** @param entropy the system's source of chance */
export function nobleEngine(entropy: Entropy): CryptoEngine {
  // pages without https have none in WebCrypto
  hashes.sha512 = sha512;
  return checkedEngine({
    ...NOBLE_COMMON,
    encryptionKey,
    freshEncryptionKey: () => encryptionKey(entropy(32)),
    signingKey: (seed) => {
      const own = seed.slice();
      return {
        publicKey: ed25519PublicKey(own),
        sign: (message) => sign(message, own),
      };
    },
    // RFC 8032 to the letter, as in libsodium, and not ZIP 215
    verify: (publicKey, message, signature) =>
      nullWhenRefused(() => verify(signature, message, publicKey, { zip215: false })) ?? false,
    entropy,
  });
}

function encryptionKey(privateKey: Uint8Array): EncryptionKey {
  const own = privateKey.slice();
  return {
    publicKey: x25519PublicKey(own),
    agree: (otherPublicKey) => nullWhenRefused(() => x25519.getSharedSecret(own, otherPublicKey)),
  };
}

/** x^(P - 2), which takes the same steps for every x (Fermat); the ladder ends with it, and its x is secret. */
function inverse(x: bigint): bigint {
  let power = 1n;
  for (let bit = 254n; bit >= 0n; bit--) {
    power = (power * power) % P;
    if (((P - 2n) >> bit) & 1n) power = (power * x) % P;
  }
  return power;
}
