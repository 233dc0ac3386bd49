/** A key in AWS KMS, which it never leaves, signs answers. */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import type * as KmsSdk from "@aws-sdk/client-kms";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { addressOfPublicKey } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import { connectKms, type KmsUse } from "../operator-keys/awsKms.js";
import type { OpenSigner } from "./openSigner.js";
import { provenSignature, unusableSignature } from "./provenSignature.js";

/**
 * Asks KMS for the public key, whose key spec must be ECC_SECG_P256K1.
 * @param keyId the key's ARN, id or alias
 * @param loadSdk how the optional dependency is imported
 * @throws INVALID_CONFIGURATION when the SDK is not installed or the key cannot sign for Ethereum,
 *   SIGNER_UNAVAILABLE (also by `signDigest`) when KMS does not answer or refuses
 */
export async function awsKmsSigner(
  keyId: string,
  loadSdk?: NonNullable<KmsUse["loadSdk"]>,
): Promise<OpenSigner> {
  const kms = await connectKms({
    keyId,
    setting: "GATEWAY_SIGNER",
    permissions: "kms:GetPublicKey and kms:Sign",
    failure: (sentence, reason, cause) =>
      new SignpostError("SIGNER_UNAVAILABLE", sentence, { reason }, { cause }),
    ...(loadSdk && { loadSdk }),
  });
  try {
    const publicKey = await kms.ask((client, inTime) =>
      client.send(new kms.sdk.GetPublicKeyCommand({ KeyId: keyId }), inTime),
    );
    const address = addressOfPublicKey(uncompressedPoint(publicKey, keyId));
    return {
      address,
      description: `AWS KMS, key ${keyId}`,
      signDigest: async (digest) => {
        const command = new kms.sdk.SignCommand({
          KeyId: keyId,
          Message: digest,
          MessageType: "DIGEST",
          SigningAlgorithm: "ECDSA_SHA_256",
        });
        const { Signature: der } = await kms.ask((client, inTime) => client.send(command, inTime));
        // KMS writes DER, and any s
        return provenSignature(address, digest, compactOf(der), { canonical: false });
      },
      close: () => {
        kms.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    kms.close();
    throw error;
  }
}

/** 65 bytes, 0x04 first. */
function uncompressedPoint(
  { KeySpec, PublicKey }: KmsSdk.GetPublicKeyCommandOutput,
  keyId: string,
) {
  const jwk = KeySpec === "ECC_SECG_P256K1" && PublicKey ? jwkOf(PublicKey) : null;
  if (jwk?.crv !== "secp256k1" || jwk.x === undefined || jwk.y === undefined) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The KMS key ${keyId} cannot sign for Ethereum. Make one with the key spec ECC_SECG_P256K1 and the usage SIGN_VERIFY.`,
    );
  }
  const coordinate = (text: string) => Buffer.from(text, "base64url");
  return new Uint8Array([4, ...coordinate(jwk.x), ...coordinate(jwk.y)]);
}

/** Null for what is no public key. */
function jwkOf(subjectPublicKeyInfo: Uint8Array): JsonWebKey | null {
  const key = { key: Buffer.from(subjectPublicKeyInfo), format: "der", type: "spki" } as const;
  try {
    return createPublicKey(key).export({ format: "jwk" });
  } catch {
    return null;
  }
}

/** r ‖ s of a DER signature. */
function compactOf(der: Uint8Array | undefined): Uint8Array {
  try {
    return secp256k1.Signature.fromBytes(der ?? new Uint8Array(), "der").toBytes("compact");
  } catch {
    throw unusableSignature(
      "no signature",
      "AWS KMS answered with what is no DER signature. Check AWS_ENDPOINT_URL, if you have set it.",
    );
  }
}
