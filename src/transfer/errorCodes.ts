/** The error codes of exports that are read. */
import type { AnyDetails } from "../errors.js";

export interface TransferErrors {
  /** A file is no export, or not as it was written. `line` is the first one that is wrong, from 1; null for the whole file. */
  EXPORT_MALFORMED: { readonly line: number | null };
  /** The end line is missing: the file is only the beginning of an export. */
  EXPORT_CUT_OFF: AnyDetails;
}

declare module "../errors.js" {
  interface ErrorDetails extends TransferErrors {}
}
