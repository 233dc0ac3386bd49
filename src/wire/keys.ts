/** The API keys of a domain, as who administers it sees them: never a key itself, nor its hash. */
import { scope } from "./sessions.js";
import { flag, type Infer, integer, list, nullable, number, object, text } from "./shape.js";

const keySchema = object({
  /** Decimal; histories name keys by it. */
  id: text,
  label: text,
  scopes: list(scope),
  limits: object({ changesPerMinute: integer, changesPerDay: integer }),
  /** All times are Unix time in milliseconds. */
  createdAtMs: number,
  /** A minute late at most. */
  lastUsedAtMs: nullable(number),
  revokedAtMs: nullable(number),
  /** Of a session; null for a key that does not end by itself. */
  expiresAtMs: nullable(number),
  /** Whether it is the one that asks. */
  isThis: flag,
});

export const keysPageSchema = object({
  keys: list(keySchema),
  /** Goes into `after`. */
  next: nullable(text),
});

export type KeyAnswer = Infer<typeof keySchema>;
