/** The error codes of transactions. */
import type { AnyDetails } from "../errors.js";

export interface ChainErrors {
  /** A contract would revert, or the account has no right to what it asks: nothing was sent. */
  TRANSACTION_REFUSED: AnyDetails & {
    /** The contract's error by its name, and its data in hex, where the contract told one. */
    readonly error?: string | null;
    readonly data?: string | null;
  };
  /** A transaction was sent, but reverted or was not confirmed in time. */
  /** `hasReverted`: it is in a block, and changed nothing. */
  TRANSACTION_FAILED: {
    readonly transactionHash: string;
    readonly state?: unknown;
    readonly hasReverted?: boolean;
  };
}

declare module "../errors.js" {
  interface ErrorDetails extends ChainErrors {}
}
