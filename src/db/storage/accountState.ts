/**
 * What an account was when it was read, as a text that is short: whatever a session rests on. A statement that asks for it again
 * finds nothing for an account that is gone, or is another one now.
 */

/** @param row how the statement calls the account's row */
export function stateOf(row: string): string {
  const columns = ["name", "profile", "proven_key", "id_name"].map((column) => `${row}.${column}`);
  return `encode(sha256(convert_to(row(${columns.join(", ")})::text, 'UTF8')), 'base64')`;
}
