/** A person's wallet, as Signpost asks it to sign; the adapters beside this file make one of what libraries have. */
import type { nameRequestTypedData } from "../signing/nameRequest.js";

/** EIP-712 typed data, as `eth_signTypedData_v4` takes it. */
export type NameRequestTypedData = ReturnType<typeof nameRequestTypedData>;

/** An externally owned account that signs texts. */
export interface ProfileWallet {
  readonly address: string;
  /** EIP-191 personal_sign of the text: 65 bytes as `0x` hex. */
  signMessage(message: string): Promise<string>;
}

export interface OwnerWallet extends ProfileWallet {
  /** Signs EIP-712 typed data: `0x` hex. */
  signTypedData(typedData: NameRequestTypedData): Promise<string>;
  /**
   * The chain that the wallet is on, where that matters to it: browser wallets refuse to sign for another one than
   * the one they show.
   */
  chainId?(): Promise<bigint>;
  /** Asks the person to move the wallet to the chain, where it signs for that one only. What it throws passes through. */
  switchChain?(chainId: bigint): Promise<void>;
}
