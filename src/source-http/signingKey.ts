/** The Ed25519 key by which an installation signs its questions to one endpoint. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";

/** What the service is given, once. */
export interface PublicKeyJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** RFC 8037, section 2: 32 bytes in base64url. */
  readonly x: string;
  /** RFC 7638: SHA-256 of the key's thumbprint, in base64url. */
  readonly kid: string;
}

/** Signs bytes with the key of one source. */
export interface RequestSigner {
  /** `publicKey.kid`. */
  readonly keyId: string;
  readonly publicKey: PublicKeyJwk;
  /** 64 bytes (RFC 8032). */
  sign(bytes: Uint8Array): Uint8Array;
}

/** A new private key: PKCS #8 in DER (RFC 8410), 48 bytes. A secret: kept only encrypted. */
export function newSigningKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync("ed25519");
  return new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" }));
}

/** @param secret as `newSigningKey` made it */
export function requestSigner(secret: Uint8Array): RequestSigner {
  const key = createPrivateKey({ key: Buffer.from(secret), format: "der", type: "pkcs8" });
  const publicKey = publicKeyOf(createPublicKey(key));
  return {
    keyId: publicKey.kid,
    publicKey,
    sign: (bytes) => sign(null, bytes, key),
  };
}

function publicKeyOf(key: KeyObject): PublicKeyJwk {
  const { crv, kty, x } = key.export({ format: "jwk" });
  if (kty !== "OKP" || crv !== "Ed25519" || x === undefined) {
    throw new TypeError("The key of a source is an Ed25519 key.");
  }
  // RFC 7638, section 3: the required members, in the order of their names, without spaces
  const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x }));
  return { kty, crv, x, kid: thumbprint.digest("base64url") };
}
