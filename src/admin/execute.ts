/** Carrying a change out: try it, send it, wait until it stands, compare with what was wanted. */
import type { AdminAccount } from "../chain/adminAccount.js";
import { waitForConfirmations } from "../chain/confirmations.js";
import type { Connection } from "../chain/connection.js";
import { type Cost, costOf, type GasBounds, rehearse } from "../chain/rehearsal.js";
import { refused, type UnsentTransaction } from "../chain/unsentTransaction.js";
import { assertNoneWaits } from "../chain/waitingTransactions.js";
import { SignpostError } from "../errors.js";
import {
  type Change,
  differingFields,
  type Fields,
  rehearsalsOf,
  transactionsOf,
} from "./change.js";

/** Of all transactions of a change together. */
export interface ChangeCost extends Pick<Cost, "gas" | "fee" | "mostFee"> {
  /** Of each of them. */
  readonly bounds: readonly GasBounds[];
}

export interface SentTransaction {
  readonly hash: string;
  readonly blockNumber: number;
  /** Decimal. */
  readonly gasUsed: string;
  /** Decimal. */
  readonly feeWei: string;
  /** The one that was sent before it, where a change took two. */
  readonly earlier?: SentTransaction;
}

export interface Progress {
  readonly onSent: (transactionHash: string) => void;
  readonly onConfirmation: (reached: number, wanted: number) => void;
}

const CONFIRMATION_TIMEOUT_MS = 10 * 60_000;

/** @throws TRANSACTION_REFUSED when `account` may not do it or cannot pay for it, has a transaction that waits, or the contract would revert */
export async function tryOut(
  change: Change,
  account: string,
  { provider }: Connection,
): Promise<ChangeCost> {
  if (account !== change.sender) {
    throw refused(
      `only ${change.sender} can do this, and the account given is ${account}. Use its key, or --propose if it is a multisig.`,
      { sender: change.sender, account },
    );
  }
  await assertNoneWaits(provider, account);
  for (const rehearsal of rehearsalsOf(change)) await rehearse(provider, account, rehearsal);
  const costs: Cost[] = [];
  for (const each of transactionsOf(change)) costs.push(await costOf(provider, account, each));
  const sum = (part: "gas" | "fee" | "mostFee") =>
    costs.reduce((total, cost) => total + cost[part], 0n);
  return {
    gas: sum("gas"),
    fee: sum("fee"),
    mostFee: sum("mostFee"),
    bounds: costs.map((cost) => cost.bounds),
  };
}

/** @throws TRANSACTION_FAILED when it was sent, but reverted or did not stand in time */
export async function execute(
  change: Change,
  { bounds }: ChangeCost,
  account: AdminAccount,
  connection: Connection,
  confirmations: number,
  progress: Progress,
): Promise<SentTransaction> {
  const send = (transaction: UnsentTransaction, within: GasBounds = { gasLimit: 0n }) =>
    sendOne({ ...change, transaction }, within, account, connection, confirmations, progress);
  if (change.earlier === undefined) return send(change.transaction, bounds[0]);
  const earlier = await send(change.earlier, bounds[0]);
  return { ...(await send(change.transaction, bounds[1])), earlier };
}

async function sendOne(
  { transaction, nonce }: Change,
  bounds: GasBounds,
  account: AdminAccount,
  { provider }: Connection,
  confirmations: number,
  progress: Progress,
): Promise<SentTransaction> {
  const hash = await account.send({
    to: transaction.to,
    value: transaction.value,
    data: transaction.data,
    ...bounds,
    ...(nonce === undefined ? {} : { nonce }),
  });
  progress.onSent(hash);
  const receipt = await waitForConfirmations(provider, hash, {
    confirmations,
    timeoutMs: CONFIRMATION_TIMEOUT_MS,
    onProgress: (reached) => {
      progress.onConfirmation(reached, confirmations);
    },
  });
  return {
    hash,
    blockNumber: receipt.blockNumber,
    gasUsed: receipt.gasUsed.toString(),
    feeWei: receipt.fee.toString(),
  };
}

/**
 * @param lookAgain the command that shows the state
 * @throws TRANSACTION_FAILED when the state that was read back is not the one that was wanted
 */
export function assertReached(
  change: Change,
  state: Fields,
  transactionHash: string,
  lookAgain: string,
): void {
  const fields = differingFields(change.after, state);
  if (fields.length === 0) return;
  throw new SignpostError(
    "TRANSACTION_FAILED",
    `The transaction ${transactionHash} stands, but these fields read back differently: ${fields.join(", ")}. Either somebody else changed them as well, or the RPC node lags behind; look again with \`${lookAgain}\`.`,
    { transactionHash, state },
  );
}
