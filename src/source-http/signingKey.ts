/** The Ed25519 key by which an installation signs its questions to one endpoint. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { SignpostError } from "../errors.js";
import type { PublicKeyJwk } from "../registry/sources/httpSettings.js";

/** Signs bytes with the key of one source. */
export interface RequestSigner {
  /** `publicKey.kid`. */
  readonly keyId: string;
  readonly publicKey: PublicKeyJwk;
  /** 64 bytes (RFC 8032). */
  sign(bytes: Uint8Array): Uint8Array;
}

/** A new private key: PKCS #8 in DER (RFC 8410), in base64. A secret: kept only encrypted. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
}

/**
 * @param secret as `newSigningKey` made it
 * @throws INVALID_CONFIGURATION when it is none of those
 */
export function requestSigner(secret: string): RequestSigner {
  const key = privateKeyOf(secret);
  const publicKey = publicKeyOf(createPublicKey(key));
  return {
    keyId: publicKey.kid,
    publicKey,
    sign: (bytes) => sign(null, bytes, key),
  };
}

function privateKeyOf(secret: string): KeyObject {
  try {
    const der = Buffer.from(secret, "base64");
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // told below: what is wrong with a secret is better not repeated
  }
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    "The key of the data source is no Ed25519 key. Remove the source and add it again, which makes a new one.",
  );
}

function publicKeyOf(key: KeyObject): PublicKeyJwk {
  const { crv, kty, x } = key.export({ format: "jwk" });
  if (kty !== "OKP" || crv !== "Ed25519" || x === undefined) {
    throw new SignpostError("INTERNAL", "The key of a data source is no Ed25519 key.");
  }
  // RFC 7638, section 3: the required members, in the order of their names, without spaces
  const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x }));
  return { kty, crv, x, kid: thumbprint.digest("base64url") };
}
