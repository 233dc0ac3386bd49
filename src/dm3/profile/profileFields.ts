/** The rule of each single field of a profile. What a rule says continues a sentence that names the field. */
import { assertNormalName } from "../../ens/normalName.js";
import { isSignpostError } from "../../errors.js";
import type { Field } from "./closedObject.js";
import { MAX_URL_CHARS, secureUrlProblem } from "./secureUrl.js";

/**
 * At least one: nobody could write to a user without relay nodes. At most 16: a sender resolves every one of
 * them, and dm3's web client sends each message to all of them.
 */
const MAX_DELIVERY_SERVICES = 16;

// 32 bytes are 43 digits and one "=". The last digit carries four bits, so its two lowest bits are zero in the
// one canonical spelling; with several spellings of a key, comparing profiles as text would miss equal ones.
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const HEX_OF_65_BYTES = /^0x[0-9a-fA-F]{130}$/;

export function textOf(field: Field): string {
  if (field.value === undefined) throw field.refusal("is missing");
  if (typeof field.value !== "string") throw field.refusal("must be a string");
  return field.value;
}

export function textLike(form: RegExp, problem: string): (field: Field) => string {
  return (field) => {
    const text = textOf(field);
    if (!form.test(text)) throw field.refusal(problem);
    return text;
  };
}

export const publicKey = textLike(
  BASE64_OF_32_BYTES,
  "must be a public key: canonical base64 of exactly 32 bytes",
);

export const walletSignature = textLike(
  HEX_OF_65_BYTES,
  "must be a wallet signature: 0x and 130 hexadecimal digits (65 bytes)",
);

export function deliveryServiceUrl(field: Field): string {
  const text = textOf(field);
  // clients append their paths, such as /rpc, to the text
  const hasQuery = text.length <= MAX_URL_CHARS && text.includes("?");
  const problem = hasQuery ? "must not have a query (?)" : secureUrlProblem(text);
  if (problem !== null) throw field.refusal(problem);
  return text;
}

export function deliveryServiceNames(field: Field): readonly string[] {
  const { value } = field;
  if (value === undefined) throw field.refusal("is missing");
  if (!Array.isArray(value)) throw field.refusal("must be an array of ENS names");
  if (value.length === 0) throw field.refusal("must name at least one relay node");
  if (value.length > MAX_DELIVERY_SERVICES) {
    throw field.refusal(`must not name more than ${MAX_DELIVERY_SERVICES} relay nodes`);
  }
  const names = value.map((_, index) => textOf(field.below(index, value[index])));
  for (const [index, name] of names.entries()) {
    const problem =
      nameProblem(name) ??
      (names.indexOf(name) < index ? "names a relay node that is listed before" : null);
    if (problem !== null) throw field.below(index, name).refusal(problem);
  }
  return names;
}

/** One name of a relay node, or of another place in ENS that is as long. */
export function deliveryServiceName(field: Field): string {
  const name = textOf(field);
  const problem = nameProblem(name);
  if (problem !== null) throw field.refusal(problem);
  return name;
}

/** Of names that can be stored, so that all of a profile's fit into its record and its document (boundedJson.ts). */
const LONGEST_RELAY_NODE = 255;
const TOO_LONG = `must be a name of at most ${LONGEST_RELAY_NODE} bytes in UTF-8`;

function nameProblem(name: string): string | null {
  if (!name.includes(".")) return "must be a full ENS name with at least two labels";
  try {
    // a name that nobody can look up would never get a message
    assertNormalName(name);
    return new TextEncoder().encode(name).length > LONGEST_RELAY_NODE ? TOO_LONG : null;
  } catch (error) {
    if (!isSignpostError(error, "INVALID_NAME")) throw error;
    return `is not the name of a relay node: ${error.message.replace(/\.$/, "")}`;
  }
}
