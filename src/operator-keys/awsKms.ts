/**
 * One key of AWS KMS, and how it is asked. The SDK is an optional dependency and is loaded here only, when a KMS
 * key is configured. It finds region and credentials by AWS's own rules (environment, profile, role).
 */
import type * as KmsSdk from "@aws-sdk/client-kms";
import { SignpostError } from "../errors.js";

type Sdk = typeof KmsSdk;

export interface KmsUse {
  /** The key's ARN, id or alias. */
  readonly keyId: string;
  /** The setting that names the key. */
  readonly setting: string;
  /** What the process must be allowed to do with the key, e.g. "kms:GetPublicKey and kms:Sign". */
  readonly permissions: string;
  /** What to throw when KMS does not answer or refuses; by default UNREACHABLE. */
  readonly failure?: (sentence: string, reason: string, cause: unknown) => SignpostError;
  /** How the optional dependency is imported. */
  readonly loadSdk?: () => Promise<Sdk>;
}

export interface KmsConnection {
  readonly sdk: Sdk;
  /** Throws `failure` when KMS does not answer in time or refuses; `details.reason` is the name of the SDK's error. */
  ask<Answer>(question: KmsQuestion<Answer>): Promise<Answer>;
  close(): void;
}

type KmsQuestion<Answer> = (
  client: KmsSdk.KMSClient,
  inTime: { readonly abortSignal: AbortSignal },
) => Promise<Answer>;

/** For one request, the SDK's second attempt included. */
const TIMEOUT_MS = 1_500;
const MOST_ATTEMPTS = 2;
/** As many as are asked for at a time (REMOTE_BOUNDS of the signer). */
const MOST_SOCKETS = 64;

/** Asks nothing yet. Throws INVALID_CONFIGURATION when the SDK is not installed. */
export async function connectKms(use: KmsUse): Promise<KmsConnection> {
  const sdk = await installed(use);
  const client = openClient(sdk, use.keyId);
  return {
    sdk,
    ask: async (question) => {
      try {
        return await question(client, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
      } catch (cause) {
        throw noAnswer(use, cause);
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

async function installed({ setting, loadSdk = importSdk }: KmsUse): Promise<Sdk> {
  try {
    return await loadSdk();
  } catch (cause) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `${setting} names a key of AWS KMS, but the package @aws-sdk/client-kms, an optional dependency, is not installed. Install Signpost with its optional dependencies.`,
      {},
      { cause },
    );
  }
}

function importSdk(): Promise<Sdk> {
  return import("@aws-sdk/client-kms");
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

/** The SDK's messages may quote what was sent; only the names of its errors are passed on. */
function noAnswer(use: KmsUse, cause: unknown): SignpostError {
  const name = cause instanceof Error ? cause.name : "unknown error";
  const advice = ADVICE[name]?.(use) ?? OUTAGE_ADVICE;
  const sentence = `AWS KMS gave no answer for the key ${use.keyId} (${name}). ${advice}`;
  const { failure = unreachable } = use;
  return failure(sentence, name, cause);
}

function unreachable(sentence: string, reason: string, cause: unknown): SignpostError {
  return new SignpostError("UNREACHABLE", sentence, { reason }, { cause });
}

const OUTAGE_ADVICE =
  "Check the way to KMS, its status page, and the region (AWS_REGION, or the key's ARN).";

const ADVICE: Readonly<Record<string, (use: KmsUse) => string>> = {
  NotFoundException: ({ setting }) => `Correct the key's ARN in ${setting}, or the region.`,
  AccessDeniedException: ({ permissions }) =>
    `Let the role of this machine do ${permissions} with this key.`,
  DisabledException: () => "Enable the key in KMS.",
  KMSInvalidStateException: () => "The key is disabled or about to be deleted: look at it in KMS.",
  CredentialsProviderError: () =>
    "Give this process AWS credentials; the SDK finds those of the environment, a profile or a role.",
  ThrottlingException: () =>
    "Have AWS raise the quota of requests a second for this account and region.",
};
