/** viem's accounts (`privateKeyToAccount` and its siblings) and wallet clients. */
import { SignpostError } from "../errors.js";
import type { OwnerWallet } from "./ownerWallet.js";

/** Generic in viem, over every type that could be signed; here they get what `eth_signTypedData_v4` takes. */
type Signing = (parameters: never) => Promise<string>;
type Sign = (parameters: object) => Promise<string>;

/** An account that signs by itself. */
export interface ViemAccount {
  /** "local", where the key is in the program. */
  readonly type: string;
  readonly address: string;
  readonly signMessage: Signing;
  readonly signTypedData: Signing;
}

/** A client with an account: what wagmi calls a wallet client as well. */
export interface ViemWalletClient {
  readonly account?: { readonly address: string } | undefined;
  readonly getChainId: () => Promise<number>;
  readonly signMessage: Signing;
  readonly signTypedData: Signing;
}

export function viemAccountWallet(account: ViemAccount): OwnerWallet {
  const sign = account as unknown as Record<"signMessage" | "signTypedData", Sign>;
  return {
    address: account.address,
    signMessage: (message) => sign.signMessage({ message }),
    signTypedData: (typedData) => sign.signTypedData(typedData),
  };
}

/** Throws INVALID_REQUEST for a client that has no account. */
export function viemClientWallet(client: ViemWalletClient): OwnerWallet {
  const { account } = client;
  if (!account) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The viem client has no account. Make it with one: createWalletClient({ account, transport }).",
    );
  }
  const sign = client as unknown as Record<"signMessage" | "signTypedData", Sign>;
  return {
    address: account.address,
    signMessage: (message) => sign.signMessage({ account, message }),
    signTypedData: (typedData) => sign.signTypedData({ account, ...typedData }),
    chainId: async () => BigInt(await client.getChainId()),
  };
}
