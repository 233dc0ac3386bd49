/** The SDK's storage under Node: the same, with Node's own base64 and hashing. */
import { useSha256 } from "../abi/sha256.js";
import { useBase64 } from "../dm3/base64.js";
import { nodeBase64 } from "../native/nodeBase64.js";
import { nodeSha256 } from "../native/nodeSha256.js";
import { createStorage as createAnywhere } from "../storage-client/createStorage.js";
import type { MessageStorage } from "../storage-client/messageStorage.js";
import type { StorageOptions } from "../storage-client/storageSettings.js";

export * from "./storageSurface.js";

let isFast = false;

/**
 * Give it to one messenger: `createMessenger({ ..., storage })`. It asks nobody anything before that.
 *
 * Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createStorage(options: StorageOptions): MessageStorage {
  if (!isFast) {
    useSha256(nodeSha256);
    useBase64(nodeBase64);
    isFast = true;
  }
  return createAnywhere(options);
}
