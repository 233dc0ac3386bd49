/** A stand-in for AWS KMS with a real secp256k1 key. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import {
  type Answer,
  fault,
  type KmsProtocol,
  serveKmsProtocol,
} from "../operator-keys/kmsProtocol.js";

type Operation = "GetPublicKey" | "Sign";

export interface KmsServer extends KmsProtocol<Operation> {
  /** The bodies of all calls of Sign so far. */
  readonly signed: Answer[];
  /** How many signatures had a high s. */
  highS(): number;
}

/** @param key 32 bytes; KMS knows it by `keyId` alone */
export async function serveKms(keyId: string, key: Uint8Array): Promise<KmsServer> {
  const signed: Answer[] = [];
  let highS = 0;

  function answer(operation: Operation, question: Answer): Answer {
    if (operation === "GetPublicKey") {
      return {
        KeyId: keyId,
        KeySpec: "ECC_SECG_P256K1",
        KeyUsage: "SIGN_VERIFY",
        SigningAlgorithms: ["ECDSA_SHA_256"],
        PublicKey: subjectPublicKeyInfo(key).toString("base64"),
      };
    }
    signed.push(question);
    const digest = Buffer.from(String(question["Message"]), "base64");
    // as KMS does: DER, and whichever s comes out
    const der = secp256k1.sign(digest, key, { prehash: false, lowS: false, format: "der" });
    if (secp256k1.Signature.fromBytes(der, "der").hasHighS()) highS++;
    return {
      KeyId: keyId,
      Signature: Buffer.from(der).toString("base64"),
      SigningAlgorithm: "ECDSA_SHA_256",
    };
  }

  const protocol = await serveKmsProtocol<Operation>((operation, question) =>
    question["KeyId"] === keyId
      ? { status: 200, body: answer(operation, question) }
      : fault("NotFoundException"),
  );
  return { ...protocol, signed, highS: () => highS };
}

/** In DER, as GetPublicKey returns it. */
export function subjectPublicKeyInfo(key: Uint8Array): Buffer {
  const point = secp256k1.getPublicKey(key, false);
  const part = (from: number, to: number) =>
    Buffer.from(point.subarray(from, to)).toString("base64url");
  const jwk = {
    kty: "EC",
    crv: "secp256k1",
    x: part(1, 33),
    y: part(33, 65),
    d: Buffer.from(key).toString("base64url"),
  };
  const pem = createPrivateKey({ key: jwk, format: "jwk" });
  return createPublicKey(pem).export({ format: "der", type: "spki" });
}
