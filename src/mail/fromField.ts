/** The From field of a mail, by a grammar that no two programs read differently: one plain mailbox in ASCII, no comments, no groups. */
import { isSignpostError } from "../errors.js";
import { type NativeAddress, parseNativeAddress } from "../messaging/address/nativeAddress.js";
import { type HeaderField, valuesOf } from "./headerFields.js";

export type FromField =
  | { readonly is: "address"; readonly address: NativeAddress }
  | { readonly is: "not ASCII" }
  /** For the middle of a sentence. */
  | { readonly is: "wrong"; readonly problem: string };

const ADDRESS = /[^\s<>()[\]\\,;:"@]+@[A-Za-z0-9.-]+/.source;
const ATOM = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+/.source;
const QUOTED = /"(?:[ \t!#-[\]-~]|\\[ -~])*"/.source;
/** `local@domain`, `<local@domain>`, or that with a name before it: words, encoded words or quoted text. */
const FIELD = new RegExp(
  `^(?:(${ADDRESS})|(?:(?:${ATOM}|${QUOTED})(?:[ \\t]+(?:${ATOM}|${QUOTED}))*[ \\t]*)?<(${ADDRESS})>)$`,
);
const LONGEST = 1_000;

export function fromField(header: readonly HeaderField[]): FromField {
  const [value, ...more] = valuesOf(header, "from");
  if (value === undefined) return { is: "wrong", problem: "is missing" };
  if (more.length > 0) return { is: "wrong", problem: "stands there more than once" };
  // one character for each byte
  if (/[\x80-\xff]/.test(value)) return { is: "not ASCII" };
  if (value.length > LONGEST) return { is: "wrong", problem: "is too long" };
  const [, bare, bracketed] = FIELD.exec(value) ?? [];
  const text = bare ?? bracketed;
  if (text === undefined) return { is: "wrong", problem: "is not one plain address" };
  try {
    return { is: "address", address: parseNativeAddress(text, "mail") };
  } catch (error) {
    if (!isSignpostError(error, "INVALID_REQUEST")) throw error;
    return { is: "wrong", problem: "holds an address that cannot be carried" };
  }
}
