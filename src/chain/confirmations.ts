/** Waiting until a transaction stands. */
import type { JsonRpcProvider, TransactionReceipt } from "ethers";
import { SignpostError } from "../errors.js";
import { rpcFailure } from "./connection.js";

export interface Waiting {
  /** How many blocks have to hold or follow the transaction; 1 is its own block. */
  readonly confirmations: number;
  readonly timeoutMs: number;
  /** Told once for each new number. */
  readonly onProgress: (confirmations: number) => void;
  /** Told when the node begins to fail; it is asked again. */
  readonly onFailing: () => void;
}

const POLL_MS = 500;

/**
 * Returns the receipt once it has enough confirmations. A reorganisation that takes the transaction out again
 * just makes it wait longer, and so does a node that fails for a while.
 * @throws TRANSACTION_FAILED when the transaction reverted, or does not stand in time; UNREACHABLE when the node fails in the end
 */
export async function waitForConfirmations(
  provider: JsonRpcProvider,
  transactionHash: string,
  { confirmations, timeoutMs, onProgress, onFailing }: Waiting,
): Promise<TransactionReceipt> {
  const deadlineMs = Date.now() + timeoutMs;
  let told = -1;
  let failure: SignpostError | null = null;
  while (Date.now() < deadlineMs) {
    const seen = await look(provider, transactionHash);
    if (failure === null && seen.failure !== null) onFailing();
    failure = seen.failure;
    if (seen.failure === null) {
      const { receipt, depth } = seen;
      const reached = Math.min(depth, confirmations);
      if (reached !== told) onProgress((told = reached));
      if (receipt !== null && depth >= confirmations) return successful(receipt);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (failure !== null) throw failure;
  throw new SignpostError(
    "TRANSACTION_FAILED",
    `The transaction ${transactionHash} was sent, but had ${told} of ${confirmations} confirmations after ${timeoutMs / 1000} s. Look for it on a block explorer before you send anything else.`,
    { transactionHash },
  );
}

type Seen =
  | { readonly failure: null; readonly receipt: TransactionReceipt | null; readonly depth: number }
  | { readonly failure: SignpostError };

async function look(provider: JsonRpcProvider, transactionHash: string): Promise<Seen> {
  try {
    const receipt = await provider.getTransactionReceipt(transactionHash);
    if (receipt === null) return { failure: null, receipt, depth: 0 };
    const depth = (await provider.getBlockNumber()) - receipt.blockNumber + 1;
    return { failure: null, receipt, depth };
  } catch (error) {
    const failure = rpcFailure(
      error,
      `waiting for the transaction ${transactionHash}`,
      "The transaction was sent: look for it before you send anything else.",
    );
    return { failure };
  }
}

function successful(receipt: TransactionReceipt): TransactionReceipt {
  if (receipt.status === 1) return receipt;
  throw new SignpostError(
    "TRANSACTION_FAILED",
    `The transaction ${receipt.hash} was mined, but reverted: nothing changed. Something else changed in between; run the command again to see what.`,
    { transactionHash: receipt.hash, hasReverted: true },
  );
}

/** Whether the transaction is in a block for good, and changed nothing. */
export function hasReverted({ details }: SignpostError): boolean {
  return details.hasReverted === true;
}
