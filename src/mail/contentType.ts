/** The Content-Type of a mail or a part (RFC 2045, section 5.1), by a narrow grammar: no comments, no parameter twice. */
import { type HeaderField, valuesOf } from "./headerFields.js";

export interface ContentType {
  /** `type/subtype`, in lower case. */
  readonly type: string;
  /** By their names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+/.source;
const QUOTED = /"(?:[ !#-[\]-~]|\\[ -~])*"/.source;
const TYPE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*`);
const PARAMETER = new RegExp(`^;[ \\t]*(${TOKEN})=(${TOKEN}|${QUOTED})[ \\t]*`);

/** Null for what this grammar does not have. */
function parseContentType(value: string): ContentType | null {
  const [start = "", type] = TYPE.exec(value) ?? [];
  if (type === undefined) return null;
  const parameters = new Map<string, string>();
  let rest = value.slice(start.length);
  while (!/^;?[ \t]*$/.test(rest)) {
    const [whole = "", name, given] = PARAMETER.exec(rest) ?? [];
    if (name === undefined || given === undefined) return null;
    const key = name.toLowerCase();
    if (parameters.has(key)) return null;
    parameters.set(key, unquoted(given));
    rest = rest.slice(whole.length);
  }
  return { type: type.toLowerCase(), parameters };
}

/** Null where there is not exactly one that can be read. */
export function contentTypeOf(fields: readonly HeaderField[]): ContentType | null {
  const [value, ...more] = valuesOf(fields, "content-type");
  return value === undefined || more.length > 0 ? null : parseContentType(value);
}

/** Whether what follows is its own bytes, in no encoding. */
export function isPlainlyEncoded(fields: readonly HeaderField[]): boolean {
  const encodings = valuesOf(fields, "content-transfer-encoding");
  return encodings.length <= 1 && encodings.every((one) => /^(?:7bit|8bit)$/i.test(one));
}

/** RFC 2046, section 5.1.1; null where it is missing or none. */
export function boundaryOf({ parameters }: ContentType): string | null {
  const boundary = parameters.get("boundary") ?? "";
  return /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/.test(boundary)
    ? boundary
    : null;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text;
}
