import { SignpostError } from "../../../errors.js";

/** @param option as people type it: `--per-day`. Throws INVALID_REQUEST. */
export function wholeNumber(option: string, text: string, most = 999_999_999): number {
  if (/^[1-9][0-9]{0,8}$/.test(text) && Number(text) <= most) return Number(text);
  throw new SignpostError(
    "INVALID_REQUEST",
    `${option} takes a whole number from 1 to ${most}; got ${text}.`,
  );
}
