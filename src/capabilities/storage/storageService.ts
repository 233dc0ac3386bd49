/** A service with a storage, on parts that are handed in: for the demo and tests. */
import { type Service, type ServiceOptions, startService } from "../../service/service.js";
import { startStorage, type StorageOptions } from "./startStorage.js";
import { storage } from "./storage.js";

/** Throws as `startService` and `startStorage` do. */
export function startStorageService(
  own: StorageOptions,
  options: ServiceOptions,
): Promise<Service> {
  return startService(
    [{ capability: storage, start: (parts) => startStorage(parts, own) }],
    options,
  );
}
