import type { SignpostError } from "../errors.js";

/** What a receiver asks of senders, as our relay node keeps it (DM3MTP, profile extension). */
export interface Filters {
  /** Names, `*.<domain>` for all below a domain, or addresses in lower case. */
  readonly blockedSenders: readonly string[];
  /** In wei, decimal: a sender's wallet has to have at least so much. */
  readonly minBalance?: string;
  /** How many transactions the sender's wallet has to have sent at least, decimal. */
  readonly minNonce?: string;
  /** An ERC-20 or ERC-721 contract, and how much of it the sender has to have at least, decimal. */
  readonly minTokenBalance?: { readonly token: string; readonly amount: string };
}

/** Of one relay node. */
export interface NodeFilters {
  /** Its ENS name. */
  readonly relayNode: string;
  /** Null where it could not be asked, or knows no filters. */
  readonly filters: Filters | null;
  readonly error: SignpostError | null;
}

/** Throws SyntaxError for what is none. */
export function readFilters(json: unknown): Filters {
  const given = Object(json) as Readonly<Record<string, unknown>>;
  const { blockedSenders, minBalance, minNonce, minTokenBalance } = given;
  const { token, amount } = Object(minTokenBalance) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(blockedSenders) || !blockedSenders.every(isText)) {
    throw new SyntaxError("no filters");
  }
  return {
    blockedSenders,
    ...(isText(minBalance) && { minBalance }),
    ...(isText(minNonce) && { minNonce }),
    ...(isText(token) && isText(amount) && { minTokenBalance: { token, amount } }),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
