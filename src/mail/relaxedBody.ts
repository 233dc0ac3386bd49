/** SHA-256 of a body in DKIM's relaxed form (RFC 6376, section 3.4.4), in pieces, so that a large one holds up nobody. */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";

const PIECE = 64 * 1024;

/**
 * @param body of lines that end with CRLF, the last one too
 * @returns in base64
 */
export async function relaxedBodyHash(body: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  let carry = "";
  /** Those at the end of a body do not count, so they wait for a line after them. */
  let emptyLines = 0;
  for (let at = 0; at < body.length; at += PIECE) {
    const text = carry + Buffer.from(body.subarray(at, at + PIECE)).toString("latin1");
    const lines = text.split("\r\n");
    carry = lines.pop() ?? "";
    let relaxed = "";
    for (const line of lines) {
      const one = line.replace(/[ \t]+/g, " ").replace(/ $/, "");
      if (one === "") {
        emptyLines++;
        continue;
      }
      relaxed += `${"\r\n".repeat(emptyLines)}${one}\r\n`;
      emptyLines = 0;
    }
    hash.update(relaxed, "latin1");
    await nextTurn();
  }
  return hash.digest("base64");
}
