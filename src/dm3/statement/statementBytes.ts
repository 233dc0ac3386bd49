/**
 * Statements: what the holder of a DM3 signing key says to everybody, for good. Signed (Ed25519) is the byte 0xff and then the
 * UTF-8 of the statement.
 *
 * dm3's clients sign whatever text a relay node gives them as a challenge, so a node could have them sign any text that means
 * something elsewhere. No text in UTF-8 has the byte 0xff: what was signed as a challenge is never a statement.
 */

const NO_TEXT = 0xff;

/** What is signed, for whoever has a key that signs by itself (dm3/crypto). */
export function statementBytes(statement: string): Uint8Array {
  return Uint8Array.of(NO_TEXT, ...new TextEncoder().encode(statement));
}
