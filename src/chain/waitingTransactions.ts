/** Transactions of an account that are sent and in no block yet. */
import type { JsonRpcProvider } from "ethers";
import { rpcFailure } from "./connection.js";
import { refused } from "./unsentTransaction.js";

/**
 * One that waits may be the very change that is wanted, sent before. A node that knows no waiting transactions says that none waits.
 * @throws TRANSACTION_REFUSED where one waits
 */
export async function assertNoneWaits(provider: JsonRpcProvider, account: string): Promise<void> {
  const [inBlocks, withWaiting] = await countsOf(provider, account);
  const waiting = withWaiting - inBlocks;
  if (waiting <= 0) return;
  const which = waiting === 1 ? "a transaction" : `${waiting} transactions`;
  throw refused(
    `${which} of ${account} (from nonce ${inBlocks} on) ${waiting === 1 ? "is" : "are"} sent and in no block yet, and may do the same. Run this again once that has happened; one that waits too long is replaced in the account's wallet.`,
    { account, nonce: inBlocks, waiting },
  );
}

async function countsOf(provider: JsonRpcProvider, account: string): Promise<[number, number]> {
  try {
    // in this order: what goes into a block between the two does not count as waiting
    const withWaiting = await provider.getTransactionCount(account, "pending");
    return [await provider.getTransactionCount(account, "latest"), withWaiting];
  } catch (error) {
    throw rpcFailure(error, `counting the transactions of ${account}`);
  }
}
