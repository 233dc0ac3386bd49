/** JSON objects of DM3, read field by field; the first fault is told, and names its field. */
import { SignpostError } from "../../errors.js";

/** A value, and where it stands in the document. */
export interface Field {
  readonly value: unknown;
  /** The value of a field or list entry inside of this one. */
  below(key: string | number, value: unknown): Field;
  /** INVALID_PROFILE about this field. `problem` continues a sentence that names it. */
  refusal(problem: string): SignpostError;
  /** INVALID_PROFILE about a field inside of this one that DM3 does not know. */
  unknown(key: string): SignpostError;
}

/** @param what names the document in sentences: "user profile" */
export function document(what: string, value: unknown, path = ""): Field {
  const inside = (key: string | number) => (path === "" ? String(key) : `${path}.${key}`);
  return {
    value,
    below: (key, inner) => document(what, inner, inside(key)),
    refusal: (problem) =>
      new SignpostError(
        "INVALID_PROFILE",
        `${path === "" ? `The ${what}` : `The field ${path} of the ${what}`} ${problem}.`,
        { field: path },
      ),
    unknown: (key) => {
      // Bounded, because the sentence may end up in logs and the field's name came from a stranger.
      const field = inside(key).slice(0, 80);
      return new SignpostError(
        "INVALID_PROFILE",
        `The ${what} has an unknown field ${JSON.stringify(field)}. Remove it: clients of DM3 refuse profiles with additional fields.`,
        { field },
      );
    },
  };
}

/**
 * Reads every field by its rule. Closed like dm3's own schemas: its clients refuse a profile with one field more, so
 * publishing it is no use.
 * @throws INVALID_PROFILE naming the first field that breaks a rule
 */
export function closedObject<T extends object>(
  place: Field,
  rules: { readonly [Name in keyof T]-?: (field: Field) => T[Name] },
): T {
  const { value } = place;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw place.refusal("must be a JSON object");
  }
  const given = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(rules) as (keyof T & string)[];
  const read = names.map((name) => [name, rules[name](place.below(name, given[name]))]);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) throw place.unknown(unknown);
  return Object.fromEntries(read) as T;
}
