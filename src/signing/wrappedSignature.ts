/**
 * ERC-6492: a signature of a wallet that is not deployed yet brings along who deploys it, and how.
 *
 *   abi.encode(address factory, bytes factoryCall, bytes signature) ‖ 0x6492…6492 (32 bytes)
 *
 * The last byte, 0x92, is never the `v` of a key's signature, so the two forms cannot be mistaken for each other.
 */
import { abiFunction } from "../abi/abiFunction.js";
import { sameBytes } from "../abi/bytes.js";
import { fromHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { isSignpostError, SignpostError } from "../errors.js";

export interface WalletSignature {
  /** As the wallet itself takes it (ERC-1271). */
  readonly signature: Uint8Array;
  /** Who deploys the wallet; null where the signature was not wrapped. */
  readonly deployment: {
    readonly factory: Address;
    /** Call data for the factory. */
    readonly factoryCall: Uint8Array;
  } | null;
}

const MAGIC = fromHex(`0x${"6492".repeat(16)}`);

const wrapper = abiFunction<[], [factory: Address, factoryCall: Uint8Array, signature: Uint8Array]>(
  "function wrapper() returns (address factory, bytes factoryCall, bytes signature)",
);

export function isWrapped(signature: Uint8Array): boolean {
  return sameBytes(signature.subarray(-MAGIC.length), MAGIC);
}

/** Throws INVALID_REQUEST for a wrapper whose content is malformed. */
export function unwrapSignature(signature: Uint8Array): WalletSignature {
  if (!isWrapped(signature)) return { signature, deployment: null };
  try {
    const [factory, factoryCall, inner] = wrapper.decodeOutput(
      signature.subarray(0, -MAGIC.length),
    );
    return { signature: inner, deployment: { factory, factoryCall } };
  } catch (cause) {
    if (!isSignpostError(cause, "INVALID_CALL_DATA")) throw cause;
    throw new SignpostError(
      "INVALID_REQUEST",
      "The signature ends as ERC-6492 has it, but is not abi.encode(factory, factoryCall, signature) before that; wrap it anew.",
      {},
      { cause },
    );
  }
}
