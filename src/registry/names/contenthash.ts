/**
 * ENSIP-7 content hashes: where a name's website lies.
 *
 *   | protocol code (multicodec, unsigned varint) | value in the protocol's own form, a CID for IPFS |
 *
 * What clients could not read is refused, by the rules of their libraries (ensdomains/content-hash, ethers). A protocol
 * that they do not know is refused as well: ENSIP-7 lets others come, but until clients know one, its code cannot be told
 * from a typing error, and all of them show nothing. To take a new one is a line here; `data` takes any bytes.
 */
import { CID } from "multiformats/cid";
import { sameBytes } from "../../abi/bytes.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";

/** What is wrong with a value, continuing "The content hash names ipfs, but ..."; null when nothing is. */
type Fault = (value: Uint8Array) => string | null;

const CODEC_DAG_PB = 0x70;
const CODEC_LIBP2P_KEY = 0x72;
const CODECS_SWARM = [0xfa, 0xfb]; // manifest, feed
const HASH_IDENTITY = 0x00;
const HASH_KECCAK_256 = 0x1b;
/** By multihash code: sha2-256, sha2-512, sha3-256, keccak-256, blake3, blake2b-256. */
const DIGEST_BYTES = new Map<number, number>([
  [0x12, 32],
  [0x13, 64],
  [0x16, 32],
  [HASH_KECCAK_256, 32],
  [0x1e, 32],
  [0xb220, 32],
]);
/** An Ed25519 key, inlined as IPNS names have it; what is shorter is a name of DNS, which clients refuse. */
const SHORTEST_INLINED_KEY = 36;

/** What ENS clients know, with its code as an unsigned varint, and in which form its value is. */
const PROTOCOLS: readonly (readonly [protocol: string, code: Hex, fault: Fault])[] = [
  ["ipfs", "0xe301", cidFault(() => null)],
  ["ipns", "0xe501", cidFault(ipnsFault)],
  ["swarm", "0xe401", cidFault(swarmFault)],
  ["onion", "0xbc03", base32Fault(16)],
  ["onion3", "0xbd03", base32Fault(56)],
  ["skynet", "0x90b2c605", lengthFault(34)],
  ["arweave", "0x90b2ca05", lengthFault(32)],
  ["adnl", "0x90b2da05", lengthFault(32)],
];

const KNOWN = PROTOCOLS.map(([protocol, code, fault]) => ({
  ...{ protocol, code: fromHex(code), fault },
}));

/** Throws INVALID_REQUEST unless clients can read it. */
export function assertContenthash(contenthash: Uint8Array): void {
  const known = KNOWN.find(({ code }) => sameBytes(code, contenthash.subarray(0, code.length)));
  if (!known) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The content hash begins with ${toHex(contenthash.subarray(0, 4))}, which is no protocol code that clients know; encode it by ENSIP-7, for ${PROTOCOLS.map(([protocol, code]) => `${protocol} as ${code}...`).join(", ")}.`,
    );
  }
  const { protocol, code } = known;
  const value = contenthash.subarray(code.length);
  const fault = value.length === 0 ? "nothing follows" : known.fault(value);
  if (fault === null) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The content hash names the protocol ${protocol}, but ${fault}; encode it anew (ENSIP-7), or give null for no content hash.`,
    { protocol },
  );
}

function cidFault(further: (cid: CID) => string | null): Fault {
  return (value) => {
    let cid: CID;
    try {
      cid = CID.decode(value);
    } catch {
      return "what follows is no whole CID: it may have been cut off";
    }
    if (cid.version !== 1) return "its CID has version 0, and ENSIP-7 asks for version 1";
    const { code, size } = cid.multihash;
    const expected = DIGEST_BYTES.get(code);
    if (expected !== undefined && size !== expected) {
      return `the digest of its CID has ${size} bytes instead of ${expected}`;
    }
    return further(cid);
  };
}

function ipnsFault({ code, multihash }: CID): string | null {
  if (code !== CODEC_LIBP2P_KEY && code !== CODEC_DAG_PB) return "its CID is not that of a key";
  const isName = multihash.code === HASH_IDENTITY && multihash.size < SHORTEST_INLINED_KEY;
  return isName ? "its CID is not that of a key" : null;
}

function swarmFault({ code, multihash }: CID): string | null {
  const isSwarm = CODECS_SWARM.includes(code) && multihash.code === HASH_KECCAK_256;
  return isSwarm ? null : "its CID is none of Swarm's (fa01 or fb01, and keccak-256)";
}

/** Addresses of Tor are kept as their text, without ".onion". */
function base32Fault(length: number): Fault {
  const form = new RegExp(`^[a-z2-7]{${length}}$`);
  return (value) =>
    form.test(String.fromCharCode(...value))
      ? null
      : `its value is not ${length} characters of base32 in lower case`;
}

function lengthFault(length: number): Fault {
  return (value) =>
    value.length === length ? null : `its value has ${value.length} bytes instead of ${length}`;
}
