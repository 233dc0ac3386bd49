/** The error codes of blobs: a reference that is none, and bytes that are not those of a reference. */
export interface BlobErrors {
  /** It is no reference to a blob, or not of the form that is read here. */
  BLOB_REFERENCE_MALFORMED: {
    /** The part that is wrong, where it is one. */
    readonly field?: "url" | "format" | "size" | "type";
  };
  /** What was fetched is not what the reference means: the first thing that differs. */
  WRONG_BLOB: { readonly field: "size" | "sha256" | "format" | "key" };
}

declare module "../../errors.js" {
  interface ErrorDetails extends BlobErrors {}
}
