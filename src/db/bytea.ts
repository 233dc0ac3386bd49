/** Bytes between our types and Postgres' bytea. */
import { type Digest, digestFrom } from "../abi/digest.js";
import { type Address, addressFrom } from "../ens/address.js";
import { type Node, nodeFrom } from "../ens/namehash.js";

/** How Postgres reads bytes in a text. */
export function byteaText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
}

/** A copy that is only these bytes: the driver's Buffers are windows on a shared one. */
export function plainBytes(column: Buffer): Uint8Array {
  return new Uint8Array(column);
}

/** Throws INTERNAL unless they are 32. */
export function nodeOf(column: Buffer): Node {
  return nodeFrom(plainBytes(column));
}

/** Throws INTERNAL unless they are 32. */
export function digestOf(column: Buffer): Digest {
  return digestFrom(plainBytes(column));
}

/** Throws INTERNAL unless they are 20. */
export function addressOf(column: Buffer): Address {
  return addressFrom(plainBytes(column));
}
