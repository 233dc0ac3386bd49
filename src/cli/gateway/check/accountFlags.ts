/** The account by which a gateway is checked: one of the server's own, and a wallet that is made for it. */
import type { CanaryAccount } from "../../../capabilities/xmpp/canary/logIn.js";
import { SignpostError } from "../../../errors.js";
import { readSecretFile } from "../../../operator-keys/secretFile.js";
import { walletIn } from "./walletFile.js";

export interface AccountFlags {
  readonly account?: string;
  readonly passwordFile?: string;
  readonly walletFile?: string;
  readonly server?: string;
}

/** Null where no account is given. Throws INVALID_REQUEST for some of the options alone, INVALID_CONFIGURATION for files. */
export async function accountOf(flags: AccountFlags): Promise<CanaryAccount | null> {
  const { account, passwordFile, walletFile, server } = flags;
  if ([account, passwordFile, walletFile, server].every((flag) => flag === undefined)) return null;
  if (account === undefined || passwordFile === undefined || walletFile === undefined) {
    throw wrong("Give --account, --password-file and --wallet-file together.");
  }
  if (!/^[^@\s/]+@[^@\s/]+$/.test(account)) {
    throw wrong("The --account is no account. Give it as user@host, without a resource.");
  }
  return {
    address: account,
    password: await readSecretFile(passwordFile, "password file"),
    server: server ?? null,
    wallet: await walletIn(walletFile),
  };
}

function wrong(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
