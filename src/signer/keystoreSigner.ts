/** A key in an encrypted file (Web3 secret storage, version 3), as geth and most wallets write it. */
import { decryptKeystoreJson, isKeystoreJson } from "ethers";
import { fromHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import { readSecretFile } from "../operator-keys/secretFile.js";

/**
 * The private key (32 bytes) in it. Decrypts once, which takes seconds by design.
 * @throws INVALID_CONFIGURATION when a file cannot be read, is none, or the passphrase is wrong
 */
export async function readKeystore(file: string, passphraseFile: string): Promise<Uint8Array> {
  const keystore = await readSecretFile(file, "keystore");
  const passphrase = await readSecretFile(passphraseFile, "passphrase file");
  return fromHex(await decrypt(keystore, passphrase, file));
}

async function decrypt(keystore: string, passphrase: string, file: string): Promise<string> {
  if (!isKeystoreJson(keystore)) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The file ${file} is no keystore (Web3 secret storage, version 3). Make one with \`signpost signer new\`, or with geth.`,
    );
  }
  try {
    return (await decryptKeystoreJson(keystore, passphrase)).privateKey;
  } catch {
    // the cause stays out: it would carry what was decrypted or read
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The keystore ${file} cannot be opened: the passphrase is wrong, or the file is damaged. Check GATEWAY_SIGNER_PASSPHRASE_FILE, or restore the keystore from your backup.`,
    );
  }
}
