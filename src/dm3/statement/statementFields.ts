/** The rule of each single field of a statement that is published. What a rule says continues a sentence that names the field. */
import { checksumAddress, parseAddress } from "../../ens/address.js";
import type { Field } from "../profile/closedObject.js";
import { textLike, textOf } from "../profile/profileFields.js";

// as of keys, the last digit has unused bits, which are zero in the one canonical spelling
const BASE64_OF_64_BYTES = /^[A-Za-z0-9+/]{85}[AQgw]==$/;
const HEX_OF_20_BYTES = /^0x[0-9a-fA-F]{40}$/;
/** The year 2100: what is later was taken for milliseconds. */
const LAST_SECOND = 4_102_444_800;

export function flag(field: Field): boolean {
  if (typeof field.value !== "boolean") throw field.refusal("must be true or false");
  return field.value;
}

/** `false` would be another text that says the same. */
export function trueOrLeftOut(field: Field): boolean {
  if (field.value === undefined) return false;
  if (field.value !== true) throw field.refusal("must be true, or left out");
  return true;
}

export const keySignature = textLike(
  BASE64_OF_64_BYTES,
  "must be a signature: canonical base64 of exactly 64 bytes",
);

export function unixSeconds(field: Field): number {
  return wholeNumber(1, LAST_SECOND)(field);
}

export function wholeNumber(least: number, most: number): (field: Field) => number {
  return (field) => {
    const { value } = field;
    const isGood = Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
    if (!isGood) throw field.refusal(`must be a whole number from ${least} to ${most}`);
    return Number(value);
  };
}

/** In EIP-55's spelling, so that a statement has one text; null where the name is nobody's but its service's. */
export function ownerOrNull(field: Field): string | null {
  if (field.value === null) return null;
  const given = textOf(field);
  if (!HEX_OF_20_BYTES.test(given) || checksumAddress(parseAddress(given)) !== given) {
    throw field.refusal("must be null, or an address with its EIP-55 checksum");
  }
  return given;
}

export function oneOf<Value extends string>(values: readonly Value[]): (field: Field) => Value {
  return (field) => {
    const found = values.find((value) => value === field.value);
    if (found === undefined) throw field.refusal(`must be one of ${values.join(", ")}`);
    return found;
  };
}

/** One at least, `most` at most, none of them twice: no two with the same identity. */
export function listOf<Item>(
  item: (field: Field) => Item,
  most: number,
  identityOf: (item: Item) => string,
): (field: Field) => readonly Item[] {
  return (field) => {
    const { value } = field;
    if (!Array.isArray(value) || value.length === 0 || value.length > most) {
      throw field.refusal(`must be a list of 1 to ${most}`);
    }
    const items = value.map((_, index) => item(field.below(index, value[index])));
    const identities = items.map(identityOf);
    const again = identities.findIndex((one, index) => identities.indexOf(one) < index);
    if (again !== -1) throw field.below(again, value[again]).refusal("is in the list before");
    return items;
  };
}
