/**
 * WebCrypto for the two curves, where it is ten times as fast, and noble for the rest, which it has not everywhere.
 *
 * Private keys go in as PKCS #8, because no runtime takes them raw; JWKs would have to carry a public half,
 * which some runtimes believe.
 */
import { decodeBase64 } from "../base64.js";
import { checkedEngine } from "./checkedEngine.js";
import type { CryptoEngine, EncryptionKey, Entropy, SigningKey } from "./cryptoEngine.js";
import { NOBLE_COMMON } from "./nobleCommon.js";
import { type Curve, pkcs8 } from "./pkcs8.js";

/** What we use of `crypto.subtle`. */
export type WebCrypto = Pick<
  SubtleCrypto,
  "deriveBits" | "exportKey" | "generateKey" | "importKey" | "sign" | "verify"
>;

const KEY_BITS = 256;

/**
 * @param subtle `crypto.subtle`, whether it has both curves, `workingEngine` finds out
 * @param entropy the system's source of chance
 */
export function webEngine(subtle: WebCrypto, entropy: Entropy): CryptoEngine {
  const usable = (privateKey: CryptoKey, publicKey: Uint8Array): EncryptionKey => ({
    publicKey,
    agree: async (otherPublicKey) => {
      try {
        const other = await subtle.importKey("raw", ownBuffer(otherPublicKey), "X25519", false, []);
        const algorithm = { name: "X25519", public: other };
        return new Uint8Array(await subtle.deriveBits(algorithm, privateKey, KEY_BITS));
      } catch {
        return null; // WebCrypto refuses a shared secret of zeros
      }
    },
  });

  return checkedEngine({
    ...NOBLE_COMMON,
    encryptionKey: async (privateKey) => {
      const key = await importPrivate(subtle, "X25519", privateKey, ["deriveBits"]);
      return usable(key, await publicHalf(subtle, key));
    },
    freshEncryptionKey: async () => {
      const pair = await subtle.generateKey("X25519", false, ["deriveBits"]);
      if (!("privateKey" in pair)) throw new TypeError("X25519 has pairs of keys.");
      return usable(pair.privateKey, new Uint8Array(await subtle.exportKey("raw", pair.publicKey)));
    },
    signingKey: async (seed): Promise<SigningKey> => {
      const key = await importPrivate(subtle, "Ed25519", seed, ["sign"]);
      return {
        publicKey: await publicHalf(subtle, key),
        sign: async (message) =>
          new Uint8Array(await subtle.sign("Ed25519", key, ownBuffer(message))),
      };
    },
    verify: async (publicKey, message, signature) => {
      try {
        const key = await subtle.importKey("raw", ownBuffer(publicKey), "Ed25519", false, [
          "verify",
        ]);
        return await subtle.verify("Ed25519", key, ownBuffer(signature), ownBuffer(message));
      } catch {
        return false; // not a point of the curve
      }
    },
    entropy,
  });
}

function importPrivate(
  subtle: WebCrypto,
  curve: Curve,
  privateKey: Uint8Array,
  usages: KeyUsage[],
): Promise<CryptoKey> {
  return subtle.importKey("pkcs8", pkcs8(curve, privateKey), curve, true, usages);
}

/** WebCrypto tells it in a JWK alone. */
async function publicHalf(subtle: WebCrypto, privateKey: CryptoKey): Promise<Uint8Array> {
  const { x = "" } = await subtle.exportKey("jwk", privateKey);
  return decodeBase64(`${x.replaceAll("-", "+").replaceAll("_", "/")}=`);
}

/** The same bytes; TypeScript's WebCrypto takes none that might be shared between threads. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
}
