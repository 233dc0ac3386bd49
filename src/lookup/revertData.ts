import { fromHex } from "../abi/hex.js";

/**
 * A contract's revert reaches us as an error of the node, wrapped by every library on the way. The standard
 * (EIP-1474) names no place for the revert data, so these are the places where nodes and libraries put
 * it: `data` as hex (geth, hardhat in process, ethers), `data.data` (hardhat over HTTP), `data` as "Reverted 0x..."
 * (OpenEthereum), `data.originalError.data` (MetaMask), `error.data`, `info.error.data` (ethers),
 * `cause...data` (viem).
 */
const NESTING_KEYS = ["data", "error", "originalError", "cause", "info"] as const;
const MAX_DEPTH = 6;

/** The revert data inside an error of `eth_call`; empty when reverted without; null when it is no revert. */
export function revertDataOf(error: unknown): Uint8Array | null {
  const hex = findHex(error, 0);
  // no bytes are no proof: a node may attach "0x" to any error, and an outage must not look like absence
  if (hex !== null && hex !== "0x") return fromHex(hex);
  return tellsOfRevert(error, 0) ? new Uint8Array() : null;
}

function findHex(value: unknown, depth: number): string | null {
  if (typeof value === "string") {
    return /^(?:Reverted )?(0x(?:[0-9a-f]{2})*)$/i.exec(value)?.[1] ?? null;
  }
  for (const child of children(value, depth)) {
    const hex = findHex(child, depth + 1);
    if (hex !== null) return hex;
  }
  return null;
}

/** Geth's code 3, Nethermind's -32015, or the words that EVM nodes use for a failed execution. */
function tellsOfRevert(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as { code?: unknown; message?: unknown };
  if (code === 3 || code === -32015) return true;
  if (typeof message === "string") {
    if (
      /\brevert(ed)?\b|VM Exception|VM execution error|invalid opcode|stack underflow/i.test(
        message,
      )
    ) {
      return true;
    }
  }
  return children(value, depth).some((child) => tellsOfRevert(child, depth + 1));
}

function children(value: unknown, depth: number): unknown[] {
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return [];
  return NESTING_KEYS.map((key) => (value as Record<string, unknown>)[key]);
}
