/**
 * What goes to the signing thread and comes back, several at a time and in the same order:
 *
 *   there  | 32 digest | 32 digest | ...
 *   back   | 64 r ‖ s | 1 recovery | 64 r ‖ s | 1 recovery | ...
 */
export const DIGEST_BYTES = 32;
export const SIGNATURE_BYTES = 65;
