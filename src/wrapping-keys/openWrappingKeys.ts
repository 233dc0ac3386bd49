/** The wrapping keys that the settings name. */
import type { WrappingKey, WrappingKeys } from "../sealing/wrappingKey.js";
import type { WrappingKeyLocation, WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";

/**
 * Reads the files, and asks KMS nothing yet.
 * @throws INVALID_CONFIGURATION when a file is not there, holds no key or has other readers, or AWS's SDK is missing
 */
export async function openWrappingKeys({
  key,
  formerKeys,
}: WrappingKeyLocations): Promise<WrappingKeys> {
  if (key === null) return [];
  return [
    await openWrappingKey(key, "SECRETS_KEY_LOCATION"),
    ...(await Promise.all(
      formerKeys.map((former) => openWrappingKey(former, "SECRETS_FORMER_KEY_LOCATIONS")),
    )),
  ];
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
