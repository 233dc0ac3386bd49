/** With which key an admin acts. A key on the command line would be seen by everybody on the machine. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import {
  type AdminAccount,
  keystoreAccount,
  privateKeyAccount,
  rpcAccount,
} from "../../chain/adminAccount.js";
import type { Connection } from "../../chain/connection.js";
import { SignpostError } from "../../errors.js";
import { ADMIN_KEY_VARIABLE } from "../variables.js";
import { addressOf } from "./chainOptions.js";
import type { Terminal } from "./terminal.js";

export interface AccountFlags {
  readonly keystore?: string;
  readonly passphraseFile?: string;
  readonly rpcAccount?: string;
}

export function accountOptions(command: Command): Command {
  return command
    .option("--keystore <file>", "encrypted key file (Web3 secret storage, version 3)")
    .option("--passphrase-file <file>", "its passphrase (default: asked for)")
    .option(
      "--rpc-account <address>",
      "an account that the RPC node signs for: hardware, remote signer",
    );
}

/**
 * The one account that options and environment give.
 * @throws INVALID_REQUEST when there is none or more than one
 */
export async function openAccount(
  { provider }: Connection,
  flags: AccountFlags,
  terminal: Terminal,
): Promise<AdminAccount> {
  const given = accountsGiven(flags);
  if (given.length !== 1) throw notOne(given);
  if (flags.keystore !== undefined) {
    const keystore = await readText(flags.keystore, "keystore");
    return keystoreAccount(provider, keystore, await passphraseOf(flags, terminal));
  }
  if (flags.rpcAccount !== undefined) return rpcAccount(provider, addressOf(flags.rpcAccount));
  return privateKeyAccount(provider, keyOfEnvironment());
}

/** What names an account, for a sentence. */
export function accountsGiven(flags: AccountFlags): readonly string[] {
  return [
    ...(flags.keystore === undefined ? [] : ["--keystore"]),
    ...(flags.rpcAccount === undefined ? [] : ["--rpc-account"]),
    ...(keyOfEnvironment() === "" ? [] : [`${ADMIN_KEY_VARIABLE} in the environment`]),
  ];
}

function keyOfEnvironment(): string {
  return process.env[ADMIN_KEY_VARIABLE] ?? "";
}

function notOne(given: readonly string[]): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    given.length === 0
      ? `No account is given. Use --keystore <file>, --rpc-account <address> or ${ADMIN_KEY_VARIABLE} in the environment; or --propose for a multisig.`
      : `More than one account is given (${given.join(", ")}). Leave all but one away.`,
  );
}

async function passphraseOf(flags: AccountFlags, terminal: Terminal): Promise<string> {
  if (flags.passphraseFile !== undefined) {
    // editors end a file with a line break, passphrases do not
    return (await readText(flags.passphraseFile, "passphrase file")).replace(/\r?\n$/, "");
  }
  if (terminal.isInteractive) return terminal.askSecret("Passphrase of the keystore");
  throw new SignpostError(
    "INVALID_REQUEST",
    "The keystore needs its passphrase, and there is no terminal to ask on. Use --passphrase-file <file>.",
  );
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new SignpostError(
      "INVALID_REQUEST",
      code === "ENOENT"
        ? `There is no ${what} ${file}. Check the path.`
        : `The ${what} ${file} is there, but cannot be read (${code}). Let your user read it.`,
    );
  }
}
