import { fromHex } from "../abi/hex.js";

/**
 * A contract's revert reaches us as an error of the node, wrapped by every library on the way. The standard
 * (EIP-1474) names no place for the revert data, so these are the places where nodes and libraries put
 * it: `data` as hex (geth, hardhat in process, ethers), `data.data` (hardhat over HTTP), `data` as "Reverted 0x..."
 * (OpenEthereum), `data.originalError.data` (MetaMask), `error.data`, `info.error.data` (ethers), `cause...data`
 * (viem), `innerError` (web3.js), the answer of the node as text in `body` (ethers 5), and at the end of the
 * message alone ("execution reverted: 0x...").
 */
const NESTING_KEYS = ["data", "error", "originalError", "innerError", "cause", "info"] as const;
const MAX_DEPTH = 6;

/** Longer than any node's answer that we read. */
const LONGEST_TEXT = 4 * 1024 * 1024;

/** The revert data inside an error of `eth_call`; empty when reverted without; null when it is no revert. */
export function revertDataOf(error: unknown): Uint8Array | null {
  const hex = findHex(error, 0);
  // no bytes are no proof: a node may attach "0x" to any error, and an outage must not look like absence
  if (hex !== null) return fromHex(hex);
  return tellsOfRevert(error, 0) ? new Uint8Array() : null;
}

function findHex(value: unknown, depth: number): string | null {
  if (typeof value === "string") {
    return /^(?:Reverted )?(0x(?:[0-9a-f]{2})+)$/i.exec(value)?.[1] ?? null;
  }
  for (const child of children(value, depth)) {
    const hex = findHex(child, depth + 1);
    if (hex !== null) return hex;
  }
  return hexInMessage(value);
}

/** A message quotes the call as well, so only what directly follows the word counts. */
function hexInMessage(value: unknown): string | null {
  const { message } = Object(value) as { message?: unknown };
  if (typeof message !== "string" || message.length > LONGEST_TEXT) return null;
  return (
    /\breverted(?: with(?: data)?)?[:\s]{1,3}"?(0x(?:[0-9a-f]{2}){4,})"?$/i.exec(message)?.[1] ??
    null
  );
}

/** Geth's code 3, Nethermind's -32015, or the words that EVM nodes use for a failed execution. */
function tellsOfRevert(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const ofNode = insideEthers(value);
  if (ofNode !== null) return tellsOfRevert(ofNode, depth + 1);
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

/** ethers calls every error of `eth_call` a CALL_EXCEPTION, a busy node's too; what the node said is inside, where there is any. */
function insideEthers(value: object): object | null {
  const { code, info, error } = value as { code?: unknown; info?: unknown; error?: unknown };
  if (code !== "CALL_EXCEPTION") return null;
  const inside = (Object(info) as { error?: unknown }).error ?? error;
  return typeof inside === "object" ? inside : null;
}

function children(value: unknown, depth: number): unknown[] {
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return [];
  const fields = value as Record<string, unknown>;
  return [...NESTING_KEYS.map((key) => fields[key]), jsonIn(fields["body"])];
}

function jsonIn(text: unknown): unknown {
  if (typeof text !== "string" || text.length > LONGEST_TEXT) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a body that is no JSON tells nothing
  }
}
