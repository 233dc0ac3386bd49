/**
 * The one question that only a chain can answer: does this contract wallet accept this signature? (ERC-1271, and
 * ERC-6492 for wallets that are not deployed yet.) A port: `src/chain/askContractWallets.ts` asks real chains.
 */
import type { Digest } from "../../abi/digest.js";
import type { Address } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";

export interface WalletQuestion {
  readonly chainId: bigint;
  readonly wallet: Address;
  readonly digest: Digest;
  /** As it came, with the wrapper of ERC-6492 if it has one. */
  readonly signature: Uint8Array;
  /** The block whose state is asked; null for the latest. */
  readonly atBlock: bigint | null;
}

export type WalletAnswer =
  | { readonly status: "accepted"; readonly atBlock: bigint }
  | { readonly status: "refused" }
  /** No contract is at the address, and none came there by what the signature brought along. */
  | { readonly status: "absent" };

export interface ContractWallets {
  /** Whether there is an RPC node of the chain to ask. */
  knows(chainId: bigint): boolean;
  /**
   * Of a chain that it knows. Throws UNREACHABLE when the chain could not be asked (which is never a refusal),
   * INVALID_REQUEST for a malformed wrapper.
   */
  ask(question: WalletQuestion): Promise<WalletAnswer>;
}

/** For an installation that knows no chain. */
export const NO_CHAINS: ContractWallets = {
  knows: () => false,
  ask: ({ chainId }) => Promise.reject(unknownChain(chainId)),
};

/** Asks only where `precondition` does not throw: what is refused anyway costs no question. */
export function askedOnlyIf(
  contractWallets: ContractWallets,
  precondition: () => Promise<void>,
): ContractWallets {
  return {
    ...contractWallets,
    ask: async (question) => {
      await precondition();
      return contractWallets.ask(question);
    },
  };
}

/** INTERNAL: callers have to ask `knows` first. */
export function unknownChain(chainId: bigint): SignpostError {
  return new SignpostError("INTERNAL", `No RPC node of chain ${chainId.toString()} is known.`);
}
