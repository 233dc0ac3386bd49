/**
 * ENSIP-7 content hashes: where a name's website lies.
 *
 *   | protocol code (multicodec, unsigned varint) | value in the protocol's own form, a CID for IPFS |
 */
import { sameBytes } from "../abi/bytes.js";
import { fromHex, type Hex, toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";

/** What ENS clients know, with its code as an unsigned varint. */
const PROTOCOL_CODES: Readonly<Record<string, Hex>> = {
  ipfs: "0xe301",
  ipns: "0xe501",
  swarm: "0xe401",
  onion: "0xbc03",
  onion3: "0xbd03",
  skynet: "0x90b2c605",
  arweave: "0x90b2ca05",
};

const PROTOCOLS = Object.entries(PROTOCOL_CODES).map(([protocol, code]) => ({
  protocol,
  code: fromHex(code),
}));

/** Throws INVALID_REQUEST unless the bytes begin with a protocol that clients know and go on after it. */
export function assertContenthash(contenthash: Uint8Array): void {
  const known = PROTOCOLS.find(({ code }) => sameBytes(code, contenthash.subarray(0, code.length)));
  if (!known) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The content hash begins with ${toHex(contenthash.subarray(0, 4))}, which is no protocol code that clients know; encode it by ENSIP-7, for ${PROTOCOLS.map(({ protocol, code }) => `${protocol} as ${toHex(code)}...`).join(", ")}.`,
    );
  }
  if (contenthash.length === known.code.length) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The content hash names the protocol ${known.protocol}, but nothing follows; append what it points to, or give null for no content hash.`,
    );
  }
}
