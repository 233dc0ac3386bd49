/** The error codes of the storage. */
import type { AnyDetails } from "../errors.js";

interface StorageErrors {
  /** The account has as much as it may. What it has stays; nothing of the request was kept. */
  STORAGE_FULL: {
    readonly of: StoragePart;
    /** How much it may have of that; bytes, where these are counted. */
    readonly most: number;
  };
  /** What was deleted behind a cursor is not known any more, so the changes behind it are not whole. */
  CHANGES_FORGOTTEN: AnyDetails;
}

export type StoragePart = "conversations" | "messages" | "bytes";

declare module "../errors.js" {
  interface ErrorDetails extends StorageErrors {}
}
