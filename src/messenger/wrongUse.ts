/** How apps use a messenger wrongly. */
import { SignpostError } from "../errors.js";

export function noKeys(): SignpostError {
  const sentence =
    "The option keys is missing or not opened. Give await openMessageKeys(profileKeys).";
  return new SignpostError("INVALID_REQUEST", sentence, { field: "keys" });
}

export function secondLoop(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "Another loop over messages() runs. Use one for the whole app.",
  );
}
