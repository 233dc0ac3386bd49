/** A wallet that is made for an account of a connected network, with its key in a file. */
import { stat } from "node:fs/promises";
import { Wallet } from "ethers";
import { SignpostError } from "../../../errors.js";
import { readSecretFile, writeNewSecretFile } from "../../../operator-keys/secretFile.js";

const KEY = /^0x[0-9a-f]{64}$/;

/**
 * The same one each time, because a gateway links an account to few wallets a day, and its name belongs to the first one.
 * Throws INVALID_REQUEST for a file that holds no key, INVALID_CONFIGURATION for one that cannot be read.
 */
export async function walletIn(file: string): Promise<Wallet> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeNewSecretFile(file, Wallet.createRandom().privateKey);
  const key = await readSecretFile(file, "wallet file", "key");
  if (KEY.test(key)) return new Wallet(key);
  throw new SignpostError(
    "INVALID_REQUEST",
    `${file} holds no key of a wallet. Name a file that does not exist: it is made then.`,
  );
}
