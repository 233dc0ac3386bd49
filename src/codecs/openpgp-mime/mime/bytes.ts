/** Texts of mail headers as bytes and back, and bytes put together. */

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const LATIN1 = new TextDecoder("latin1");

/** One character for each byte, so that places in the text are places in the bytes. */
export function latin1(bytes: Uint8Array): string {
  return LATIN1.decode(bytes);
}

export function joined(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const all = parts.map((part) => (typeof part === "string" ? ascii(part) : part));
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
