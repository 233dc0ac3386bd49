/** SHA-256 by Node: for half a megabyte, one millisecond instead of several. */
import { createHash } from "node:crypto";

export function nodeSha256(parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
