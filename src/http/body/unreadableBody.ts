import { SignpostError } from "../../errors.js";

export function unreadableBody(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "The body could not be read; send JSON in UTF-8, uncompressed, with no more than 32 levels.",
  );
}
