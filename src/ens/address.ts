/** Ethereum addresses: 20 bytes inside, EIP-55 text at the edges. */
import { fromHex, type Hex, toHex } from "../abi/hex.js";
import { keccak256 } from "../abi/keccak256.js";
import { SignpostError } from "../errors.js";

export const ADDRESS_BYTES = 20;

declare const isAddress: unique symbol;

/** The address of a wallet, a contract or a signer. */
export type Address = Uint8Array & { readonly [isAddress]: true };

/** These bytes, not a copy, as an address. Throws INTERNAL unless they are 20. */
export function addressFrom(bytes: Uint8Array): Address {
  if (bytes.length === ADDRESS_BYTES) return bytes as Address;
  throw new SignpostError(
    "INTERNAL",
    `An Ethereum address has ${ADDRESS_BYTES} bytes, but this one has ${bytes.length}.`,
  );
}

/** What stands for "no address" where a contract returns one. */
export const ZERO_ADDRESS = addressFrom(new Uint8Array(ADDRESS_BYTES));

/** The EIP-55 form of an address: hex whose upper and lower case carry a checksum. */
export function checksumAddress(address: Address): Hex {
  const digits = toHex(address).slice(2);
  const hash = toHex(keccak256(new TextEncoder().encode(digits))).slice(2);
  const checksummed = Array.from(digits, (digit, index) =>
    hash.charAt(index) >= "8" ? digit.toUpperCase() : digit,
  );
  return `0x${checksummed.join("")}`;
}

/**
 * The address of a secp256k1 key: the last 20 bytes of the hash of its point.
 * @param publicKey uncompressed, 65 bytes that begin with 0x04
 */
export function addressOfPublicKey(publicKey: Uint8Array): Address {
  return addressFrom(keccak256(publicKey.subarray(1)).subarray(12));
}

/**
 * Reads an address: lower case, or the exact EIP-55 form. Any other mixture of cases is a typing error that
 * the checksum has just caught.
 * @throws INVALID_REQUEST when it is not an address or its checksum is wrong
 */
export function parseAddress(text: string): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "This is not an Ethereum address. Write 0x and 40 hexadecimal digits.",
    );
  }
  const address = addressFrom(fromHex(text.toLowerCase()));
  if (text !== text.toLowerCase() && text !== checksumAddress(address)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The EIP-55 checksum of the address ${text} is wrong. Check its digits, or write it in lower case if you are sure of them.`,
    );
  }
  return address;
}
