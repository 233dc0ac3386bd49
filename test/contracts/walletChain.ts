/** Contract wallets on the in-process EVM, deployed and not, and signatures as they are brought to them. */
import { type HDNodeWallet, Wallet } from "ethers";
import type { Hex } from "../../src/abi/hex.js";
import { type Contract, deploy, ethers, read } from "./deployment.js";

export const CHAIN_ID = 31337n;
const ERC_6492_MAGIC = `0x${"6492".repeat(16)}`;

export type KeyPair = HDNodeWallet;

export interface FutureWallet {
  readonly address: string;
  readonly key: KeyPair;
  /** A call to the factory that deploys it. */
  readonly factoryCall: string;
  deploy(): Promise<void>;
}

export async function deployWallet(key: KeyPair): Promise<Contract> {
  return deploy("WalletStandIn", key.address);
}

/** A wallet that the factory would deploy, and has not. */
export async function futureWallet(factory: Contract): Promise<FutureWallet> {
  const key = Wallet.createRandom();
  const salt = ethers.hexlify(ethers.randomBytes(32));
  const factoryCall = factory.interface.encodeFunctionData("create", [key.address, salt]);
  return {
    address: (await read(factory, "addressOf", key.address, salt)) as string,
    key,
    factoryCall,
    deploy: async () => {
      await factory.getFunction("create").send(key.address, salt);
    },
  };
}

/** ERC-6492's wrapper, by ethers' own codec. */
export async function wrapped(
  factory: Contract | string,
  factoryCall: string,
  signature: string,
): Promise<Hex> {
  const address = typeof factory === "string" ? factory : await factory.getAddress();
  const content = ethers.AbiCoder.defaultAbiCoder().encode(
    ["address", "bytes", "bytes"],
    [address, factoryCall, signature],
  );
  return ethers.concat([content, ERC_6492_MAGIC]) as Hex;
}
