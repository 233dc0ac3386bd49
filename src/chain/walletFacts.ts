/** What a chain says of a wallet, for receivers who ask something of senders. */
import { abiFunction } from "../abi/abiFunction.js";
import { toHex } from "../abi/hex.js";
import { type Address, parseAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import { Deadline } from "../fetch/deadline.js";
import { askNode, type Chain, quantity } from "../lookup/askNode.js";
import { viewOf } from "../lookup/contractView.js";
import { httpProvider } from "../lookup/httpProvider.js";
import type { WalletFacts } from "../relay/filters.js";

const TIMEOUT_MS = 5_000;

/** ERC-20 and ERC-721 alike. */
const balanceOf = abiFunction<[wallet: Address], [balance: bigint]>(
  "function balanceOf(address wallet) view returns (uint256 balance)",
);

/** @param rpcUrl null where no node of that chain is known: then each question is UNREACHABLE */
export function walletFactsBy(rpcUrl: string | null): WalletFacts {
  const chain = (): Chain => {
    if (rpcUrl === null) throw noNode();
    return { provider: httpProvider(rpcUrl, TIMEOUT_MS), deadline: new Deadline(TIMEOUT_MS) };
  };
  return {
    balanceOf: async (wallet) =>
      quantity(await askNode(chain(), "eth_getBalance", toHex(wallet), "latest")),
    nonceOf: async (wallet) =>
      quantity(await askNode(chain(), "eth_getTransactionCount", toHex(wallet), "latest")),
    tokenBalanceOf: async (token, wallet) =>
      (await viewOf(chain(), parseAddress(token), balanceOf, wallet))?.[0] ?? 0n,
  };
}

function noNode(): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    "This relay node knows no RPC node of the chain whose wallets the receiver asks about; its operator has to name one in CHAIN_RPC_URLS.",
  );
}
