/** The same account of hardhat's EVM behind every kind of wallet that people's programs have. */
import { BrowserProvider, HDNodeWallet, Wallet as EthersWallet } from "ethers";
import hre from "hardhat";
import { createWalletClient as createViemClient, custom } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Hex } from "../../src/abi/hex.js";
import type { Eip1193Provider, Wallet } from "../../src/sdk/index.js";

const provider = hre.network.provider as unknown as Eip1193Provider;

/** hardhat's own, the first of which signs for `eth_accounts`. */
const key = HDNodeWallet.fromPhrase(
  "test test test test test test test test test test test junk",
  undefined,
  "m/44'/60'/0'/0/0",
);
export const ADDRESS = key.address;

const account = privateKeyToAccount(key.privateKey as Hex);

/** By what programs call them. */
export const sampleWallets: Readonly<Record<string, () => Promise<Wallet>>> = {
  "ethers, with a key": () => Promise.resolve(new EthersWallet(key.privateKey)),
  "ethers, of a browser wallet": () => new BrowserProvider(provider).getSigner(),
  "viem, an account with a key": () => Promise.resolve(account),
  "viem, a client with a key": () =>
    Promise.resolve(createViemClient({ account, transport: custom(provider) })),
  "viem, a client of a browser wallet": () =>
    Promise.resolve(createViemClient({ account: ADDRESS as Hex, transport: custom(provider) })),
  "EIP-1193, a browser wallet": () => Promise.resolve(provider),
};
