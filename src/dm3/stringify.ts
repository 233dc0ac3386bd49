/** The canonical JSON of DM3 and its hashes: what wallets sign, and what links to profiles commit to. */
import { type Hex, toHex } from "../abi/hex.js";
import { sha256OfText } from "../abi/sha256.js";
import { SignpostError } from "../errors.js";

/**
 * JSON without white space, the keys of every object in the order of their UTF-16 code units, and otherwise
 * as `JSON.stringify` writes it. Signatures are made over this text, so every byte counts: a test holds it to what
 * the library writes that dm3 uses (safe-stable-stringify).
 * @throws INVALID_PROFILE when the value has no JSON form (`undefined`, a function), or is nested too deeply
 */
export function stringify(value: unknown): string {
  let text: string | undefined;
  try {
    text = isInOrder(value) ? JSON.stringify(value) : canonical(value);
  } catch (cause) {
    // It recurses; a hostile document of brackets alone would otherwise surface as a RangeError.
    throw new SignpostError(
      "INVALID_PROFILE",
      "This JSON cannot be brought into its canonical form. Remove its deep nesting.",
      {},
      { cause },
    );
  }
  if (text === undefined) {
    throw new SignpostError(
      "INVALID_PROFILE",
      "There is no JSON form of this value. Give an object, an array, a string, a number, a boolean or null.",
    );
  }
  return text;
}

/** Whether `JSON.stringify` writes the same: so it is with what was canonical before, and that is most of what is written again. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "bigint";
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return false;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = "";
  for (const key of Object.keys(value)) {
    if (key < before || !isInOrder((value as Readonly<Record<string, unknown>>)[key])) return false;
    before = key;
  }
  return true;
}

/** Undefined for what has no JSON form, which objects leave out and arrays have null for. */
function canonical(given: unknown): string | undefined {
  // most values are texts, and those of messages are long
  if (typeof given === "string") return JSON.stringify(given);
  const { toJSON } = Object(given ?? {}) as { toJSON?: unknown };
  const value: unknown = typeof toJSON === "function" ? toJSON.call(given) : given;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item) ?? "null").join(",")}]`;
  let members = "";
  for (const key of Object.keys(value).sort()) {
    const member = canonical((value as Readonly<Record<string, unknown>>)[key]);
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${member}`;
  }
  return `{${members}}`;
}

/** SHA-256 of the UTF-8 bytes of a text, as dm3 writes it: `0x` and lower-case hex. */
export function sha256Hex(text: string): Hex {
  return toHex(sha256OfText(text));
}

/** The `dm3Hash` of a JSON value: SHA-256 of its canonical form. */
export function dm3Hash(json: unknown): Hex {
  return sha256Hex(stringify(json));
}
