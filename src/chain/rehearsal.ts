/** What a transaction would do and cost, found out before it is sent. */
import type { FeeData, JsonRpcProvider } from "ethers";
import type { SignpostError } from "../errors.js";
import { rpcFailure } from "./connection.js";
import { ether } from "./etherText.js";
import { revertReasonOf } from "./revertReason.js";
import { refused, type UnsentTransaction } from "./unsentTransaction.js";

export interface Cost {
  readonly gas: bigint;
  /** What it is sent with, so that the most that is told holds however late that is. */
  readonly bounds: GasBounds;
  /** Wei, at the current price. Rollups add a fee for their data. */
  readonly fee: bigint;
  /** Wei, the most that the transaction can cost. */
  readonly mostFee: bigint;
}

/** Prices in wei for each unit of gas; a chain without EIP-1559 has `gasPrice` alone. */
export interface GasBounds {
  /** A little more than it uses now, as state can change until it is mined. */
  readonly gasLimit: bigint;
  readonly gasPrice?: bigint;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
}

const GAS_MARGIN_PERCENT = 20n;

type Rehearsed = Pick<UnsentTransaction, "to" | "value" | "data">;

/**
 * Runs the transaction on the node without sending it, and returns what it returns (0x hex).
 * @throws TRANSACTION_REFUSED, with the contract's reason as a sentence, when it would revert
 */
export async function rehearse(
  provider: JsonRpcProvider,
  from: string,
  transaction: Rehearsed,
): Promise<string> {
  try {
    return await provider.call({ ...transaction, from });
  } catch (error) {
    throw refusal(error) ?? rpcFailure(error, "trying the transaction");
  }
}

/** @throws TRANSACTION_REFUSED when it would revert, or `from` cannot pay for it */
export async function costOf(
  provider: JsonRpcProvider,
  from: string,
  transaction: Rehearsed,
): Promise<Cost> {
  const { gas, balance, price, mostPrice, prices } = await ask(provider, from, transaction);
  const gasLimit = (gas * (100n + GAS_MARGIN_PERCENT)) / 100n;
  const bounds = { gasLimit, ...prices };
  const cost = { gas, bounds, fee: gas * price, mostFee: gasLimit * mostPrice };
  if (balance < cost.mostFee + transaction.value) {
    throw refused(
      `${from} has ${ether(balance)}, and the transaction can cost up to ${ether(cost.mostFee)}. Send ether to this account first.`,
    );
  }
  return cost;
}

/**
 * The bounds stay those that were shown, and a price may rise meanwhile: a transaction below it would be sent, and wait.
 * @throws TRANSACTION_REFUSED
 */
export async function assertCoversBaseFee(
  provider: JsonRpcProvider,
  { maxFeePerGas }: GasBounds,
): Promise<void> {
  if (maxFeePerGas === undefined) return;
  const baseFee = await baseFeeOf(provider);
  if (baseFee === null || baseFee <= maxFeePerGas) return;
  throw refused(
    "meanwhile the price of gas has risen above the most that was shown, so no block would take it. Run this again to see what it would cost now.",
  );
}

/** Wei for each unit of gas, in the latest block; null on a chain without EIP-1559. */
async function baseFeeOf(provider: JsonRpcProvider): Promise<bigint | null> {
  try {
    return (await provider.getBlock("latest"))?.baseFeePerGas ?? null;
  } catch (error) {
    throw rpcFailure(error, "asking for the price of gas");
  }
}

async function ask(provider: JsonRpcProvider, from: string, transaction: Rehearsed) {
  try {
    const [gas, balance, fees] = await Promise.all([
      provider.estimateGas({ ...transaction, from }),
      provider.getBalance(from),
      provider.getFeeData(),
    ]);
    const price = fees.gasPrice ?? fees.maxFeePerGas ?? 0n;
    return { gas, balance, price, mostPrice: fees.maxFeePerGas ?? price, prices: pricesOf(fees) };
  } catch (error) {
    throw refusal(error) ?? rpcFailure(error, "estimating the transaction");
  }
}

function pricesOf({ gasPrice, maxFeePerGas, maxPriorityFeePerGas }: FeeData) {
  if (maxFeePerGas === null || maxPriorityFeePerGas === null) {
    return gasPrice === null ? {} : { gasPrice };
  }
  return { maxFeePerGas, maxPriorityFeePerGas };
}

function refusal(error: unknown): SignpostError | null {
  const reason = revertReasonOf(error);
  if (reason === null) return null;
  return refused(reason.sentence, { error: reason.error, data: reason.data });
}
