/**
 * A key in AWS KMS, which it never leaves. The SDK is an optional dependency and is loaded here only, when a KMS
 * key is configured. It finds region and credentials by AWS's own rules (environment, profile, role).
 */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import type * as KmsSdk from "@aws-sdk/client-kms";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { addressOfPublicKey } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import type { OpenSigner } from "./openSigner.js";
import { provenSignature, unusableSignature } from "./provenSignature.js";

type Sdk = typeof KmsSdk;

/** For one request, the SDK's second attempt included. */
const TIMEOUT_MS = 1_500;
const MOST_ATTEMPTS = 2;
/** As many as are asked for at a time (REMOTE_BOUNDS). */
const MOST_SOCKETS = 64;

/**
 * Asks KMS for the public key, whose key spec must be ECC_SECG_P256K1.
 * @param keyId the key's ARN, id or alias
 * @param loadSdk how the optional dependency is imported
 * @throws INVALID_CONFIGURATION when the SDK is not installed or the key cannot sign for Ethereum,
 *   SIGNER_UNAVAILABLE (also by `signDigest`) when KMS does not answer or refuses
 */
export async function awsKmsSigner(
  keyId: string,
  loadSdk: () => Promise<Sdk> = () => import("@aws-sdk/client-kms"),
): Promise<OpenSigner> {
  const sdk = await installed(loadSdk);
  const client = openClient(sdk, keyId);
  try {
    const publicKey = await asking(keyId, () =>
      client.send(new sdk.GetPublicKeyCommand({ KeyId: keyId }), inTime()),
    );
    const address = addressOfPublicKey(uncompressedPoint(publicKey, keyId));
    return {
      address,
      description: `AWS KMS, key ${keyId}`,
      signDigest: async (digest) => {
        const command = new sdk.SignCommand({
          KeyId: keyId,
          Message: digest,
          MessageType: "DIGEST",
          SigningAlgorithm: "ECDSA_SHA_256",
        });
        const { Signature: der } = await asking(keyId, () => client.send(command, inTime()));
        // KMS writes DER, and any s
        return provenSignature(address, digest, compactOf(der), { canonical: false });
      },
      close: () => {
        client.destroy();
        return Promise.resolve();
      },
    };
  } catch (error) {
    client.destroy();
    throw error;
  }
}

async function installed(loadSdk: () => Promise<Sdk>): Promise<Sdk> {
  try {
    return await loadSdk();
  } catch (cause) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "GATEWAY_SIGNER names a key of AWS KMS, but the package @aws-sdk/client-kms, an optional dependency, is not installed. Install Signpost with its optional dependencies.",
      {},
      { cause },
    );
  }
}

function openClient({ KMSClient }: Sdk, keyId: string): KmsSdk.KMSClient {
  const region = /^arn:[^:]*:kms:([^:]+):/.exec(keyId)?.[1];
  return new KMSClient({
    ...(region !== undefined && { region }),
    maxAttempts: MOST_ATTEMPTS,
    requestHandler: {
      httpsAgent: { maxSockets: MOST_SOCKETS },
      httpAgent: { maxSockets: MOST_SOCKETS },
    },
  });
}

function inTime(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(TIMEOUT_MS) };
}

/** The SDK's messages may quote what was sent; only the names of its errors are passed on. */
async function asking<T>(keyId: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : "unknown error";
    throw new SignpostError(
      "SIGNER_UNAVAILABLE",
      `AWS KMS gave no answer for the key ${keyId} (${name}). ${ADVICE[name] ?? OUTAGE_ADVICE}`,
      { reason: name },
      { cause },
    );
  }
}

const OUTAGE_ADVICE =
  "Check the way to KMS, its status page, and the region (AWS_REGION, or the key's ARN).";

const ADVICE: Readonly<Record<string, string>> = {
  NotFoundException: "Correct the key's ARN in GATEWAY_SIGNER, or the region.",
  AccessDeniedException:
    "Let the role of this machine do kms:GetPublicKey and kms:Sign with this key.",
  DisabledException: "Enable the key in KMS.",
  KMSInvalidStateException: "The key is disabled or about to be deleted: look at it in KMS.",
  CredentialsProviderError:
    "Give this process AWS credentials; the SDK finds those of the environment, a profile or a role.",
  ThrottlingException:
    "Have AWS raise the quota of signatures a second for this account and region.",
};

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
