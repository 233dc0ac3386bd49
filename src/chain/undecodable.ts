/**
 * Whether ethers could not decode a value that came with the rest, such as a string that is not UTF-8: it reports that
 * only to whoever takes the value, by an error around the first one and, unlike its other errors, without a code.
 */
export function isUndecodable(error: unknown): boolean {
  return error instanceof Error && "error" in error && !("code" in error);
}
