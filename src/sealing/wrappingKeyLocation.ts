/** Where a wrapping key is, as the settings say it in one line. Never a secret. */
import { SignpostError } from "../errors.js";

export type WrappingKeyLocation =
  /** A file with 0x and 64 hexadecimal digits. */
  | { readonly kind: "file"; readonly file: string }
  /** A symmetric key of AWS KMS: its ARN, id or alias. */
  | { readonly kind: "aws-kms"; readonly keyId: string };

export interface WrappingKeyLocations {
  /** Null where none is set: then nothing can be sealed. */
  readonly key: WrappingKeyLocation | null;
  readonly formerKeys: readonly WrappingKeyLocation[];
}

/** Throws INVALID_CONFIGURATION; its message is the rest of a sentence that begins with the setting's name. */
export function parseWrappingKeyLocation(text: string): WrappingKeyLocation {
  const [, kind = "", place = ""] = /^(file|aws-kms):(.+)$/.exec(text) ?? [];
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(place)) {
    throw wrong("must say where the key is, and not be the key itself, which belongs into a file");
  }
  if (kind === "file") return { kind, file: place };
  // AWS's own rule for a KeyId
  if (kind === "aws-kms" && /^[a-zA-Z0-9:/_-]{1,2048}$/.test(place)) return { kind, keyId: place };
  if (kind === "aws-kms") throw wrong("must name a KMS key by its ARN, its id, or alias/<name>");
  // not repeated: it may be the key itself
  throw wrong("must be file:<path> or aws-kms:<key ARN, id or alias>, and never the key itself");
}

/** Several, with commas between them. Throws as the one above. */
export function parseWrappingKeyLocations(text: string): readonly WrappingKeyLocation[] {
  return text.split(",").map((location) => parseWrappingKeyLocation(location.trim()));
}

function wrong(what: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", what);
}
