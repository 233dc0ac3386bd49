/** A wrapping key in AWS KMS, which it never leaves: KMS wraps and unwraps. */
import type * as KmsSdk from "@aws-sdk/client-kms";
import { isSignpostError, SignpostError } from "../errors.js";
import { connectKms, type KmsConnection, type KmsUse } from "../operator-keys/awsKms.js";
import type { WrappingKey } from "../sealing/wrappingKey.js";

/** What KMS calls a blob that it did not make, or made by another key or for another context. */
const ALTERED: readonly unknown[] = ["InvalidCiphertextException", "IncorrectKeyException"];

/**
 * Asks KMS nothing yet, so that a process starts while KMS is away.
 * @param keyId the key's ARN, id or alias
 * @param setting the setting that names it
 * @param loadSdk how the optional dependency is imported
 * @throws INVALID_CONFIGURATION when the SDK is not installed
 */
export async function awsKmsWrappingKey(
  keyId: string,
  setting: string,
  loadSdk?: NonNullable<KmsUse["loadSdk"]>,
): Promise<WrappingKey> {
  const kms = await connectKms({
    keyId,
    setting,
    permissions: "kms:DescribeKey, kms:Encrypt and kms:Decrypt",
    ...(loadSdk && { loadSdk }),
  });
  /** The key that an alias leads to may change: everything goes to the one that it led to first. */
  let known: Promise<string> | null = null;
  const arn = () => {
    known ??= arnOf(kms, keyId);
    // asked again the next time
    known.catch(() => (known = null));
    return known;
  };
  const request = async (dataKeyId: string) => ({
    KeyId: await arn(),
    EncryptionContext: { "signpost-data-key": dataKeyId },
  });
  return {
    description: `AWS KMS, key ${keyId}`,
    id: async () => `aws-kms:${await arn()}`,
    wrap: async (dataKey, dataKeyId) => {
      const command = new kms.sdk.EncryptCommand({
        ...(await request(dataKeyId)),
        Plaintext: dataKey,
      });
      const { CiphertextBlob } = await kms.ask((client, inTime) => client.send(command, inTime));
      return bytesOf(CiphertextBlob, keyId);
    },
    unwrap: async (wrapped, dataKeyId) => {
      const command = new kms.sdk.DecryptCommand({
        ...(await request(dataKeyId)),
        CiphertextBlob: wrapped,
      });
      try {
        const { Plaintext } = await kms.ask((client, inTime) => client.send(command, inTime));
        return bytesOf(Plaintext, keyId);
      } catch (error) {
        if (isSignpostError(error, "UNREACHABLE") && ALTERED.includes(error.details.reason))
          return null;
        throw error;
      }
    },
    close: () => {
      kms.close();
    },
  };
}

/** Throws UNREACHABLE, and INVALID_CONFIGURATION for a key that cannot encrypt. */
async function arnOf(kms: KmsConnection, keyId: string): Promise<string> {
  const command = new kms.sdk.DescribeKeyCommand({ KeyId: keyId });
  const { KeyMetadata: key } = await kms.ask((client, inTime) => client.send(command, inTime));
  if (key?.Arn !== undefined && canEncrypt(key)) return key.Arn;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `The KMS key ${keyId} cannot keep secrets. Make one with the key spec SYMMETRIC_DEFAULT and the usage ENCRYPT_DECRYPT.`,
  );
}

function canEncrypt({ KeySpec, KeyUsage }: KmsSdk.KeyMetadata): boolean {
  return KeySpec === "SYMMETRIC_DEFAULT" && KeyUsage === "ENCRYPT_DECRYPT";
}

function bytesOf(answer: Uint8Array | undefined, keyId: string): Uint8Array {
  if (answer !== undefined && answer.length > 0) return answer;
  throw new SignpostError(
    "UNREACHABLE",
    `AWS KMS answered without bytes for the key ${keyId}. Check AWS_ENDPOINT_URL, if you have set it.`,
    { reason: "no bytes" },
  );
}
