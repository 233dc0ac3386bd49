/** The wrapping keys that the settings name. */
import { isSignpostError, type SignpostError } from "../errors.js";
import { shownPath } from "../operator-keys/secretFile.js";
import type { WrappingKey, WrappingKeys } from "../sealing/wrappingKey.js";
import type { WrappingKeyLocation, WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";

/** What becomes of a key that cannot be opened: an error, or one that says so each time that it is asked. */
export type Unopened = "refuse" | "tell";

/**
 * Reads the files, and asks KMS nothing yet.
 * @throws INVALID_CONFIGURATION when a file is not there, holds no key or has other readers, or AWS's SDK is missing,
 *   where that is refused
 */
export async function openWrappingKeys(
  { key, formerKeys }: WrappingKeyLocations,
  unopened: Unopened,
): Promise<WrappingKeys> {
  if (key === null) return [];
  const open = async (location: WrappingKeyLocation, setting: string) => {
    try {
      return await openWrappingKey(location, setting);
    } catch (error) {
      if (unopened === "refuse" || !isSignpostError(error)) throw error;
      return unopenedKey(location, error);
    }
  };
  return [
    await open(key, "SECRETS_KEY_LOCATION"),
    ...(await Promise.all(
      formerKeys.map((former) => open(former, "SECRETS_FORMER_KEY_LOCATIONS")),
    )),
  ];
}

function unopenedKey(location: WrappingKeyLocation, error: SignpostError): WrappingKey {
  const refuse = () => Promise.reject(error);
  return {
    description:
      location.kind === "file"
        ? `the file ${shownPath(location.file)}`
        : `AWS KMS, key ${location.keyId}`,
    id: refuse,
    wrap: refuse,
    unwrap: refuse,
    close: () => undefined,
  };
}

/** Each kind is loaded where it is wanted: AWS's SDK is large. */
async function openWrappingKey(
  location: WrappingKeyLocation,
  setting: string,
): Promise<WrappingKey> {
  switch (location.kind) {
    case "file": {
      const { fileWrappingKey } = await import("./fileWrappingKey.js");
      return fileWrappingKey(location.file);
    }
    case "aws-kms": {
      const { awsKmsWrappingKey } = await import("./awsKmsWrappingKey.js");
      return awsKmsWrappingKey(location.keyId, setting);
    }
  }
}
