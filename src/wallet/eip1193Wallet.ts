/** Wallets in a browser, by EIP-1193: `window.ethereum`, or one that was announced by EIP-6963. */
import { toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import type { Eip1193Provider } from "../lookup/rpc.js";
import type { OwnerWallet } from "./ownerWallet.js";

/** EIP-3326: the chain has to be added first. */
const UNKNOWN_CHAIN = 4902;
/** EIP-1193's code, JSON-RPC's and EIP-1474's. */
const UNSUPPORTED: readonly unknown[] = [4200, -32601, -32004];

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
    switchChain: (chainId) => switchChain(provider, chainId),
  };
}

/** EIP-3326. Nothing happens in a wallet that does not know the method: it may sign for any chain. */
async function switchChain(provider: Eip1193Provider, chainId: bigint): Promise<void> {
  const params = [{ chainId: `0x${chainId.toString(16)}` }];
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params });
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    if (code === UNKNOWN_CHAIN) {
      throw new SignpostError(
        "INVALID_REQUEST",
        `The wallet does not know chain ${chainId.toString()}, on which the resolver is. Add it to the wallet, and try again.`,
      );
    }
    if (!UNSUPPORTED.includes(code)) throw error;
  }
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
