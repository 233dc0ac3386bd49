/**
 * Where in its mailbox a client stands. Opaque for clients: the numbers of one mailbox are given under the lock of its
 * account, so that none becomes visible behind a higher one.
 */
import { decodeBase64, encodeBase64 } from "../dm3/base64.js";
import { isSignpostError } from "../errors.js";

const FORM = /^1:(0|[1-9][0-9]{0,15})$/;

export function cursorOf(number: number): string {
  return encodeBase64(new TextEncoder().encode(`1:${number}`));
}

/** The number; null for what is no cursor of ours. */
export function numberOfCursor(cursor: string): number | null {
  if (cursor.length > 32) return null;
  try {
    const [, digits] = FORM.exec(new TextDecoder().decode(decodeBase64(cursor))) ?? [];
    const number = Number(digits);
    return digits !== undefined && Number.isSafeInteger(number) ? number : null;
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return null;
    throw error;
  }
}
