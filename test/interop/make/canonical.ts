/** Canonical JSON, and the hashes of texts: what signatures and histories are made over. */
import { keccak256, sha256, toUtf8Bytes } from "ethers";

/** Without white space, the keys of every object in the order of their UTF-16 code units. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

export function sha256OfJson(value: unknown): string {
  return sha256(toUtf8Bytes(canonical(value)));
}

export function keccak256OfText(text: string): string {
  return keccak256(toUtf8Bytes(text));
}
