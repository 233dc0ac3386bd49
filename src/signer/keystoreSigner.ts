/** A key in an encrypted file (Web3 secret storage, version 3), as geth and most wallets write it. */
import { decryptKeystoreJson, isKeystoreJson } from "ethers";
import { fromHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import { localGatewaySigner } from "../gateway/gatewaySigner.js";
import type { OpenSigner } from "./openSigner.js";
import { readSecretFile } from "./secretFile.js";

/**
 * Decrypts once, which takes seconds by design; from then on the key is in memory.
 * @throws INVALID_CONFIGURATION when a file cannot be read, is none, or the passphrase is wrong
 */
export async function keystoreSigner(file: string, passphraseFile: string): Promise<OpenSigner> {
  const keystore = await readSecretFile(file, "keystore");
  const passphrase = await readSecretFile(passphraseFile, "passphrase file");
  const signer = localGatewaySigner(fromHex(await decrypt(keystore, passphrase, file)));
  return {
    address: signer.address,
    description: `the keystore ${file}`,
    signDigest: (digest) => signer.signDigest(digest),
    close: () => Promise.resolve(),
  };
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
