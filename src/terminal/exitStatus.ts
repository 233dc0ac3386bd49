/** Error codes as exit statuses. What a script branches on has a status of its own; the rest shares 1. */
import type { CommonErrors, ErrorCode } from "../errors.js";

export const FAILED = 1;
export const WRONG_INPUT = 2;
export const NOT_AVAILABLE = 4;

/** Of the codes that any command can end with. Commands with codes of their own bring a table of those. */
const COMMON: Readonly<Record<keyof CommonErrors, number>> = {
  INVALID_NAME: WRONG_INPUT,
  INVALID_REQUEST: WRONG_INPUT,
  INVALID_CONFIGURATION: WRONG_INPUT,
  TOO_LARGE: WRONG_INPUT,
  NOT_FOUND: FAILED,
  INTERNAL: FAILED,
  DATABASE_UNAVAILABLE: NOT_AVAILABLE,
  UNREACHABLE: NOT_AVAILABLE,
  OVERLOADED: NOT_AVAILABLE,
};

export type ExitStatuses = Readonly<Partial<Record<ErrorCode, number>>>;

/**
 * Of a code that is in no table, that of a defect; the operator sees its sentence all the same.
 * @param own the tables of the commands
 */
export function exitStatusOf(code: ErrorCode, own: readonly ExitStatuses[]): number {
  for (const table of [COMMON, ...own] as readonly ExitStatuses[]) {
    if (Object.hasOwn(table, code)) return table[code] ?? FAILED;
  }
  return COMMON.INTERNAL;
}
