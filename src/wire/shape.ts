/**
 * The form of what the service answers: one value that a client checks answers by, that the OpenAPI document shows as
 * JSON Schema, and that the compiler knows the type of. What the service reads is drawn by zod instead, which explains
 * what is wrong with an input, but is too large for a client.
 *
 *   const reservation = object({ name: text, untilMs: nullable(number) });
 *   type Reservation = Infer<typeof reservation>;
 */

import type { AnyDetails } from "../errors.js";

type JsonSchema = Readonly<Record<string, unknown>>;

export interface Shape<out T> {
  readonly schema: JsonSchema;
  /** A newer service may tell more than a client knows: fields that the shape does not name are let through. */
  readonly fits: (value: unknown) => value is T;
}

export type Infer<S> = S extends Shape<infer T> ? T : never;

export interface ObjectShape<out T> extends Shape<T> {
  readonly fields: Fields;
  readonly optional: Fields;
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Of<F extends Fields> = { readonly [Name in keyof F]: Infer<F[Name]> };

const shape = <T>(schema: JsonSchema, fits: (value: unknown) => boolean): Shape<T> => ({
  schema,
  fits: fits as Shape<T>["fits"],
});

export const text = shape<string>({ type: "string" }, (value) => typeof value === "string");
export const number = shape<number>({ type: "number" }, Number.isFinite);
export const integer = shape<number>({ type: "integer" }, Number.isSafeInteger);
export const flag = shape<boolean>({ type: "boolean" }, (value) => typeof value === "boolean");

export function oneOf<const T extends string | number>(...values: readonly T[]): Shape<T> {
  const choice = values.length === 1 ? { const: values[0] } : { enum: values };
  return shape({ type: typeof values[0], ...choice }, (value) =>
    values.some((one) => one === value),
  );
}

export function nullable<T>(inner: Shape<T>): Shape<T | null> {
  const schema = { anyOf: [inner.schema, { type: "null" }] };
  return shape(schema, (value) => value === null || inner.fits(value));
}

export function list<T>(item: Shape<T>): Shape<T[]> {
  return shape(
    { type: "array", items: item.schema },
    (value) => Array.isArray(value) && value.every(item.fits),
  );
}

/** An object with keys of any text. */
export function record<T>(value: Shape<T>): Shape<Record<string, T>> {
  return shape(
    { type: "object", propertyNames: text.schema, additionalProperties: value.schema },
    (given) => isObject(given) && Object.values(given).every(value.fits),
  );
}

export function anyOf<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return shape(
    { anyOf: [first.schema, second.schema] },
    (value) => first.fits(value) || second.fits(value),
  );
}

/** With exactly these fields. */
export function object<F extends Fields>(fields: F): ObjectShape<Of<F>>;
export function object<F extends Fields, O extends Fields>(
  fields: F,
  optional: O,
): ObjectShape<Of<F> & Partial<Of<O>>>;
export function object(fields: Fields, optional: Fields = {}): ObjectShape<unknown> {
  return drawObject(false, fields, optional);
}

/** With these fields, and perhaps others. */
export function openObject<F extends Fields>(fields: F): ObjectShape<Of<F> & AnyDetails>;
export function openObject<F extends Fields, O extends Fields>(
  fields: F,
  optional: O,
): ObjectShape<Of<F> & Partial<Of<O>> & AnyDetails>;
export function openObject(fields: Fields, optional: Fields = {}): ObjectShape<unknown> {
  return drawObject(true, fields, optional);
}

function drawObject<T>(isOpen: boolean, fields: Fields, optional: Fields): ObjectShape<T> {
  const all = { ...fields, ...optional };
  const properties = Object.entries(all).map(([name, field]) => [name, field.schema] as const);
  const schema = {
    type: "object",
    properties: Object.fromEntries(properties),
    required: Object.keys(fields),
    additionalProperties: isOpen ? {} : false,
  };
  const fits = (value: unknown) =>
    isObject(value) &&
    Object.entries(all).every(([name, field]) =>
      Object.hasOwn(value, name) ? field.fits(value[name]) : !Object.hasOwn(fields, name),
    );
  return { ...shape<T>(schema, fits), fields, optional };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
