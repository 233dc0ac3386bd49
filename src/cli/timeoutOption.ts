import { SignpostError } from "../errors.js";

/** The option --timeout in milliseconds; nothing where it is not given. Throws INVALID_REQUEST. */
export function timeoutOption(text: string | undefined): { readonly timeoutMs?: number } {
  if (text === undefined) return {};
  if (/^[1-9][0-9]{0,2}$/.test(text)) return { timeoutMs: Number(text) * 1000 };
  throw new SignpostError(
    "INVALID_REQUEST",
    `--timeout takes whole seconds, such as 60; got ${text}.`,
  );
}
