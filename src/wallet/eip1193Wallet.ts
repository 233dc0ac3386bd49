/** Wallets in a browser, by EIP-1193: `window.ethereum`, or one that was announced by EIP-6963. */
import { toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import type { Eip1193Provider } from "../lookup/rpc.js";
import type { OwnerWallet } from "./ownerWallet.js";

/** The account that the person has chosen; asks them where the page is not connected yet. Throws INVALID_REQUEST. */
export async function eip1193Wallet(provider: Eip1193Provider): Promise<OwnerWallet> {
  const ask = async (method: string, params: unknown[] = []): Promise<string> =>
    String(await provider.request({ method, params }));
  const address = await accountOf(provider);
  return {
    address,
    // the order of personal_sign: the message first
    signMessage: (message) =>
      ask("personal_sign", [toHex(new TextEncoder().encode(message)), address]),
    signTypedData: (typedData) => ask("eth_signTypedData_v4", [address, JSON.stringify(typedData)]),
    chainId: async () => BigInt(await ask("eth_chainId")),
  };
}

/** `eth_accounts` disturbs nobody; `eth_requestAccounts` opens the wallet. */
async function accountOf(provider: Eip1193Provider): Promise<string> {
  for (const method of ["eth_accounts", "eth_requestAccounts"]) {
    const accounts = await provider.request({ method, params: [] });
    const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
    if (typeof first === "string") return first;
  }
  throw new SignpostError(
    "INVALID_REQUEST",
    "The wallet has no account for this page. Unlock it, and connect one.",
  );
}
