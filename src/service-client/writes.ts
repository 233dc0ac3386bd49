/** Writes that are bound to what the writer believes of the name, and what becomes of them. */
import { SignpostError } from "../errors.js";
import type { OutcomeAnswer, ProfileOutcomeAnswer } from "../wire/outcome.js";
import type { Shape } from "../wire/shape.js";
import type { CallOptions } from "./clientOptions.js";
import type { Answer } from "./connection.js";

/**
 * When a write counts: only where the name is absent, only where it is present, or only while it has this version (a
 * name as it was read will do, and null where there was none). Otherwise the write throws VERSION_CONFLICT, and nothing has changed.
 */
export type Precondition = "absent" | "present" | { readonly version: string } | null;

export interface WriteOptions extends CallOptions {
  readonly onlyIf?: Precondition;
}

/** The version of the name behind a write; null where the name is gone. */
interface Versioned {
  readonly version: string | null;
}

export type WriteResult = OutcomeAnswer & Versioned;
export type ProfileResult = ProfileOutcomeAnswer & Versioned;

/** Of taking a part of a name away, or all of it. */
export interface DeletionResult extends Versioned {
  readonly name: string;
  readonly outcome: "deleted";
}

/** If-Match and If-None-Match (RFC 9110). Throws INVALID_REQUEST for a version that is none. */
export function preconditionHeaders(onlyIf: Precondition | undefined): Record<string, string> {
  if (onlyIf === undefined) return {};
  if (onlyIf === "absent" || onlyIf === null) return { "if-none-match": "*" };
  if (onlyIf === "present") return { "if-match": "*" };
  return { "if-match": etagOf(onlyIf.version) };
}

/** The version, quoted. Throws INVALID_REQUEST. */
export function etagOf(version: unknown): string {
  if (typeof version === "string" && /^\d{1,19}$/.test(version)) return `"${version}"`;
  throw new SignpostError(
    "INVALID_REQUEST",
    "A version is a string of decimal digits, as it stands in the name that was read and in the result of a write. Read the name, and give its version.",
  );
}

export function written<T extends object>(answer: Answer, shape: Shape<T>): T & Versioned {
  const body: T & Partial<Versioned> = answer.as(shape);
  // that of the body is the service's own word; proxies that compress change ETags, and earlier services had no other
  return { ...body, version: body.version === undefined ? answer.version : body.version };
}

export function deleted(name: string, answer: Answer | null): DeletionResult | null {
  return answer && { name, outcome: "deleted", version: answer.version };
}
