/** Own records at every bound at once: the largest row that a service can write, and the largest body it sends. */
import { Wallet } from "ethers";
import { toHex } from "../../../src/abi/hex.js";
import type { OwnRecords } from "../../../src/wire/ownRecords.js";

const bytesOf = (length: number, fill: number) => toHex(new Uint8Array(length).fill(fill));
/** 128 characters, of three bytes each. */
const longestKey = (index: number) => String(index).padStart(128, "€");
const byKey = (count: number, keyOf: (index: number) => string, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [keyOf(index), value]));

/** The point of a private key, as EIP-619 has it. */
export function samplePubkey(): { x: string; y: string } {
  const uncompressed = Wallet.createRandom().signingKey.publicKey;
  return { x: `0x${uncompressed.slice(4, 68)}`, y: `0x${uncompressed.slice(68)}` };
}

/** 1022 characters, 1024 bytes in DNS form, under no domain of ours. */
export const LONGEST_NAME = [255, 255, 255, 254].map((length) => "a".repeat(length)).join(".");

export function largestRecords(): Required<OwnRecords> {
  return {
    texts: byKey(64, longestKey, "é".repeat(2048)),
    addresses: byKey(64, (index) => String(10n ** 77n + BigInt(index)), bytesOf(256, 0xad)),
    // ipfs, CID version 1, raw, 249 bytes of which the hash is the identity
    contenthash: toHex(Uint8Array.of(0xe3, 1, 1, 0x55, 0, 0xf9, 1, ...new Uint8Array(249))),
    name: LONGEST_NAME,
    pubkey: samplePubkey(),
    abis: Object.fromEntries(["1", "2", "4", "8"].map((type) => [type, bytesOf(16_384, 0xab)])),
    data: byKey(16, longestKey, bytesOf(4096, 0xda)),
    interfaces: byKey(64, (index) => `0x${String(index).padStart(8, "0")}`, bytesOf(20, 0x1f)),
  };
}
