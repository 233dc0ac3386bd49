/** The account that an admin acts with. Its key never leaves this file, and appears in no message. */
import { getAddress, type JsonRpcProvider, JsonRpcSigner, Wallet } from "ethers";
import { SignpostError } from "../errors.js";
import { rpcFailure } from "./connection.js";
import type { GasBounds } from "./rehearsal.js";
import type { UnsentTransaction } from "./unsentTransaction.js";

export interface AdminAccount {
  /** Checksummed. */
  readonly address: string;
  /** Returns the transaction's hash as soon as the node has taken it. */
  send(transaction: PricedTransaction): Promise<string>;
}

interface PricedTransaction extends Pick<UnsentTransaction, "to" | "value" | "data">, GasBounds {
  /** Only where something depends on it: the address of a contract that the transaction creates. */
  readonly nonce?: number;
}

/** A node can fail after it has passed a transaction on. */
const UNSURE = "Look whether the account has sent something before you try again.";

/** An encrypted key file (Web3 secret storage, version 3). Throws INVALID_REQUEST for a wrong passphrase. */
export async function keystoreAccount(
  provider: JsonRpcProvider,
  keystore: string,
  passphrase: string,
): Promise<AdminAccount> {
  return walletAccount(provider, await decrypt(keystore, passphrase));
}

async function decrypt(keystore: string, passphrase: string): Promise<string> {
  try {
    return (await Wallet.fromEncryptedJson(keystore, passphrase)).privateKey;
  } catch {
    // the cause stays out: it would carry what was decrypted or typed
    throw new SignpostError(
      "INVALID_REQUEST",
      "The keystore cannot be opened: the passphrase is wrong, or the file is not Web3 secret storage (version 3).",
    );
  }
}

/** @param privateKey 0x and 64 hexadecimal digits; throws INVALID_CONFIGURATION otherwise */
export function privateKeyAccount(provider: JsonRpcProvider, privateKey: string): AdminAccount {
  if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) throw malformedKey();
  try {
    return walletAccount(provider, privateKey);
  } catch {
    throw malformedKey();
  }
}

function malformedKey(): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    "ADMIN_PRIVATE_KEY is not a private key: write 0x and 64 hexadecimal digits. Better still, use --keystore or --rpc-account.",
  );
}

function walletAccount(provider: JsonRpcProvider, privateKey: string): AdminAccount {
  const wallet = new Wallet(privateKey, provider);
  return {
    address: wallet.address,
    send: async (transaction) => {
      try {
        return (await wallet.sendTransaction(transaction)).hash;
      } catch (error) {
        throw rpcFailure(error, "sending the transaction", UNSURE);
      }
    },
  };
}

/**
 * An account that the RPC node itself signs for: a hardware wallet or a remote signer behind it. Throws
 * INVALID_REQUEST when the node has no such account.
 */
export async function rpcAccount(
  provider: JsonRpcProvider,
  address: string,
): Promise<AdminAccount> {
  const offered = await accountsOf(provider);
  if (!offered.includes(address)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The RPC node has no account ${address}. Point --rpc to the node or signer that holds its key; this one offers ${offered.length} accounts.`,
    );
  }
  const signer = new JsonRpcSigner(provider, address);
  return {
    address,
    send: async (transaction) => {
      try {
        return await signer.sendUncheckedTransaction(transaction);
      } catch (error) {
        throw rpcFailure(error, "signing and sending the transaction", UNSURE);
      }
    },
  };
}

async function accountsOf(provider: JsonRpcProvider): Promise<string[]> {
  try {
    const accounts = (await provider.send("eth_accounts", [])) as string[];
    return accounts.map((account) => getAddress(account));
  } catch (error) {
    throw rpcFailure(error, "listing its accounts");
  }
}
