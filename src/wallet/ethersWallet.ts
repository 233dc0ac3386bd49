/** Signers of ethers 6: wallets, JSON-RPC and browser signers. */
import type { NameRequestTypedData, OwnerWallet } from "./ownerWallet.js";

/** What a signer has of use to us. */
export interface EthersSigner {
  getAddress(): Promise<string>;
  signMessage(message: string): Promise<string>;
  signTypedData(
    domain: NameRequestTypedData["domain"],
    types: Record<string, { name: string; type: string }[]>,
    message: Record<string, unknown>,
  ): Promise<string>;
}

export async function ethersWallet(signer: EthersSigner): Promise<OwnerWallet> {
  return {
    address: await signer.getAddress(),
    signMessage: (message) => signer.signMessage(message),
    // ethers adds the type of the domain by itself, and refuses to be told
    signTypedData: ({ domain, types: { NameRequest }, message }) =>
      signer.signTypedData(domain, { NameRequest }, message),
  };
}
