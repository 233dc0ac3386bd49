/** What a receiver asks of senders: whom it never hears, and what a sender's wallet has to have (DM3MTP, profile extension). */
import { z } from "zod";
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { LONGEST_NAME } from "../ens/dnsName.js";
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import type { RelayErrors } from "./errorCodes.js";
import { wildcardsOver } from "./senderDomain.js";

const MOST_BLOCKED = 1_000;

const amount = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "must be a whole number in decimal");
const address = z.string().regex(/^0x[0-9a-f]{40}$/, "must be an address in lower case");

/** Without what no database keeps in JSON. */
const sender = z
  .string()
  .max(LONGEST_NAME)
  .regex(/^[^\p{C}\s]+$/u, "must be a name, *.<domain> or an address in lower case");

export const filtersSchema = z.strictObject({
  /** Names in normal form, `*.<domain>` for all below a domain, or addresses in lower case. */
  blockedSenders: z.array(sender).max(MOST_BLOCKED).default([]),
  /** In wei; a sender has to have at least so much. */
  minBalance: amount.optional(),
  /** How many transactions the sender's wallet has to have sent at least. */
  minNonce: amount.optional(),
  /** An ERC-20 or ERC-721 contract, and how much of it the sender has to have at least. */
  minTokenBalance: z.strictObject({ token: address, amount }).optional(),
});

export type Filters = z.output<typeof filtersSchema>;

export const NO_FILTERS: Filters = { blockedSenders: [] };

/** What the chain says of a wallet. A port: each answer may be some minutes old. Throws UNREACHABLE. */
export interface WalletFacts {
  /** In wei. */
  balanceOf(wallet: Address): Promise<bigint>;
  nonceOf(wallet: Address): Promise<bigint>;
  /** 0 where the contract has no such function. */
  tokenBalanceOf(token: string, wallet: Address): Promise<bigint>;
}

export interface FilteredSender {
  readonly name: NormalName;
  readonly address: Address;
}

/** Throws UNWANTED, and UNREACHABLE where the chain does not say whether the sender passes. */
export async function assertWanted(
  filters: Filters,
  sender: FilteredSender,
  facts: WalletFacts,
): Promise<void> {
  const { blockedSenders, minBalance, minNonce, minTokenBalance } = filters;
  const { name, address: wallet } = sender;
  const spellings = new Set<string>([name, toHex(wallet), ...wildcardsOver(name)]);
  if (blockedSenders.some((each) => spellings.has(each))) throw blocked();
  if (minBalance !== undefined && (await facts.balanceOf(wallet)) < BigInt(minBalance)) {
    throw unwanted("minBalance", `a balance of at least ${minBalance} wei`);
  }
  if (minNonce !== undefined && (await facts.nonceOf(wallet)) < BigInt(minNonce)) {
    throw unwanted("minNonce", `a wallet that sent at least ${minNonce} transactions`);
  }
  if (minTokenBalance === undefined) return;
  const { token, amount: least } = minTokenBalance;
  if ((await facts.tokenBalanceOf(token, wallet)) < BigInt(least)) {
    throw unwanted("minTokenBalance", `at least ${least} of the token ${token}`);
  }
}

function blocked(): SignpostError {
  return new SignpostError(
    "UNWANTED",
    "The receiver takes no messages from this sender. Do not send it again.",
    { filter: "blockedSenders" },
  );
}

function unwanted(filter: RelayErrors["UNWANTED"]["filter"], wanted: string): SignpostError {
  return new SignpostError(
    "UNWANTED",
    `The receiver asks for ${wanted}, which the sender's wallet does not have.`,
    { filter },
  );
}
