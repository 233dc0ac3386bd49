/** The error codes of the storage. */
interface StorageErrors {
  /** The account has as much as it may. What it has stays; nothing of the request was kept. */
  STORAGE_FULL: {
    readonly of: StoragePart;
    /** How much it may have of that; bytes, where these are counted. */
    readonly most: number;
  };
}

export type StoragePart = "conversations" | "messages" | "bytes";

declare module "../errors.js" {
  interface ErrorDetails extends StorageErrors {}
}
