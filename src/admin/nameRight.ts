/** The right to set the resolver of a name: in which contract, and who has it. */
import type { UnsentTransaction } from "../chain/unsentTransaction.js";
import type { Fields } from "./change.js";

export interface NameRight {
  readonly name: string;
  /** The one that is set for exactly this name; checksummed, null for none. */
  readonly resolver: string | null;
  /** Who sends the transaction: an account that may; checksummed. */
  readonly sender: string;
  setResolver(resolver: string): UnsentTransaction;
  /** What to know of the name: sentences. */
  readonly notes: readonly string[];
}

export function nameFields({ resolver }: Pick<NameRight, "resolver">): Fields {
  return { resolver: resolver === null ? [] : [resolver] };
}
