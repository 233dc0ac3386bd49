/** `signpost signer`: the key that this installation's gateway signs with, and new ones. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { toHex } from "../../../abi/hex.js";
import { checksumAddress } from "../../../ens/address.js";
import { localGatewaySigner } from "../../../gateway/gatewaySigner.js";
import { readSecretFile, writeNewSecretFile } from "../../../operator-keys/secretFile.js";
import { installationSettings } from "../../../settings/installationSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { openGatewaySigner } from "../openGatewaySigner.js";
import { registrySettings } from "../settings.js";
import { checkCommand } from "./signerCheck.js";
import { rememberedCommands } from "./signerRemembered.js";

interface NewFlags {
  readonly passphraseFile?: string;
  readonly json?: true;
}

export function signerCommand(program: Command): void {
  const signer = program.command("signer").description("the key that this gateway signs with");

  signer
    .command("show")
    .description("open the signer that the settings name, have it sign once, print its address")
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const settings = readSettings([installationSettings, registrySettings], process.env);
      const opened = await openGatewaySigner(
        settings(registrySettings).signer,
        settings(installationSettings),
        "refuse",
      );
      const facts = { address: checksumAddress(opened.address), key: opened.description };
      await opened.close();
      print(flags, facts, [`${facts.address}  its key: ${facts.key}`]);
    });

  rememberedCommands(signer);
  checkCommand(signer);

  signer
    .command("new")
    .description("make a random key in a new file that only you can read, print its address")
    .argument("<file>", "where; in the form of SIGNPOST_DIR/gateway-signer.key, unless encrypted")
    .option("--passphrase-file <file>", "encrypt it by this passphrase: a keystore (version 3)")
    .option("--json", "print JSON")
    .action(async (file: string, flags: NewFlags) => {
      const key = randomBytes(32);
      const address = checksumAddress(localGatewaySigner(key).address);
      const { passphraseFile } = flags;
      const text =
        passphraseFile === undefined
          ? toHex(key)
          : await encrypted(
              { address, privateKey: toHex(key) },
              await readSecretFile(passphraseFile, "passphrase file"),
            );
      await writeNewSecretFile(file, `${text}\n`);
      print(flags, { address, file }, [`${address}  in ${file}; back it up`]);
    });
}

/** ethers is loaded here alone: all other commands about the signer do without. */
async function encrypted(
  account: { address: string; privateKey: string },
  passphrase: string,
): Promise<string> {
  const { encryptKeystoreJson } = await import("ethers");
  return encryptKeystoreJson(account, passphrase);
}
