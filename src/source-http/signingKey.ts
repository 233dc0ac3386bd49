/** The Ed25519 key by which an installation signs its questions to one endpoint. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
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

/** @param secret as `newSigningKey` made it */
export function requestSigner(secret: string): RequestSigner {
  const key = createPrivateKey({
    key: Buffer.from(secret, "base64"),
    format: "der",
    type: "pkcs8",
  });
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
