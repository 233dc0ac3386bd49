/** Carrying a change out: try it, send it, wait until it stands, compare with what was wanted. */
import type { AdminAccount } from "../chain/adminAccount.js";
import { waitForConfirmations } from "../chain/confirmations.js";
import type { Connection } from "../chain/connection.js";
import {
  assertCoversBaseFee,
  type Cost,
  costOf,
  type GasBounds,
  rehearse,
} from "../chain/rehearsal.js";
import { refused, type UnsentTransaction } from "../chain/unsentTransaction.js";
import { assertNoneWaits } from "../chain/waitingTransactions.js";
import { SignpostError } from "../errors.js";
import { type Change, differingFields, type Fields, rehearsalsOf } from "./change.js";

/** A transaction, and what it is sent with. */
interface Priced {
  readonly transaction: UnsentTransaction;
  readonly bounds: GasBounds;
}

/** Of all transactions of a change together. */
export interface ChangeCost extends Pick<Cost, "gas" | "fee" | "mostFee"> {
  readonly last: Priced;
  /** The one that is sent before it, where a change takes two. */
  readonly earlier?: Priced;
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
  /** The RPC node begins to fail; it is asked again. */
  readonly onFailing: () => void;
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
  const price = async (transaction: UnsentTransaction) => {
    return { ...(await costOf(provider, account, transaction)), transaction };
  };
  if (change.earlier === undefined) {
    const last = await price(change.transaction);
    return { gas: last.gas, fee: last.fee, mostFee: last.mostFee, last };
  }
  const earlier = await price(change.earlier);
  const last = await price(change.transaction);
  const sum = (part: "gas" | "fee" | "mostFee") => earlier[part] + last[part];
  return { gas: sum("gas"), fee: sum("fee"), mostFee: sum("mostFee"), last, earlier };
}

/** Throws TRANSACTION_REFUSED where no block takes one of them any more at the most that was shown. */
export async function assertPriceHolds(
  { earlier, last }: ChangeCost,
  { provider }: Connection,
): Promise<void> {
  for (const priced of earlier === undefined ? [last] : [earlier, last]) {
    await assertCoversBaseFee(provider, priced.bounds);
  }
}

/** @throws TRANSACTION_FAILED when it was sent, but reverted or did not stand in time */
export async function execute(
  change: Change,
  cost: ChangeCost,
  account: AdminAccount,
  connection: Connection,
  confirmations: number,
  progress: Progress,
): Promise<SentTransaction> {
  const send = (priced: Priced) =>
    sendOne(priced, change, account, connection, confirmations, progress);
  if (cost.earlier === undefined) return send(cost.last);
  const earlier = await send(cost.earlier);
  return { ...(await send(cost.last)), earlier };
}

async function sendOne(
  { transaction, bounds }: Priced,
  { nonce }: Change,
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
    onFailing: progress.onFailing,
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
