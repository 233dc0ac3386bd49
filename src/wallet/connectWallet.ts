/** Whatever wallet a program has, as one that Signpost can ask. */
import { SignpostError } from "../errors.js";
import type { Eip1193Provider } from "../lookup/rpc.js";
import { eip1193Wallet } from "./eip1193Wallet.js";
import { type EthersSigner, ethersWallet } from "./ethersWallet.js";
import type { OwnerWallet } from "./ownerWallet.js";
import {
  type ViemAccount,
  viemAccountWallet,
  viemClientWallet,
  type ViemWalletClient,
} from "./viemWallet.js";

/** A signer of ethers 6, an account or wallet client of viem, an EIP-1193 provider, or anything that signs. */
export type Wallet = EthersSigner | ViemAccount | ViemWalletClient | Eip1193Provider | OwnerWallet;

/**
 * Asks the wallet for nothing but its address. Throws INVALID_REQUEST for what is no wallet, or has no account; what the
 * wallet itself throws passes through, so that a person who declined can be told from an error.
 */
export async function connectWallet(wallet: Wallet): Promise<OwnerWallet> {
  const has = (method: string) => typeof property(wallet, method) === "function";
  const signs = has("signMessage") && has("signTypedData");
  if (signs && has("getAddress")) return ethersWallet(wallet as EthersSigner);
  if (signs && has("getChainId")) return viemClientWallet(wallet as ViemWalletClient);
  if (signs && typeof property(wallet, "type") === "string") {
    return viemAccountWallet(wallet as ViemAccount);
  }
  if (signs && typeof property(wallet, "address") === "string") return wallet as OwnerWallet;
  if (has("request")) return eip1193Wallet(wallet as Eip1193Provider);
  throw new SignpostError(
    "INVALID_REQUEST",
    "The option wallet is no wallet. Give a signer of ethers, an account or a wallet client of viem, an EIP-1193 provider (window.ethereum), or an object with address, signMessage and signTypedData.",
  );
}

function property(of: unknown, name: string): unknown {
  return (Object(of) as Record<string, unknown>)[name];
}
