/** `signpost message keys <wallet>`: what a wallet signs so that the keys of its profile are made again, and how the key file looks. */
import type { Command } from "commander";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { tell } from "./tell.js";
import { keyMessage } from "./walletKeys.js";

interface KeysFlags {
  readonly nonce?: string;
  readonly json?: true;
}

/** Asks nobody. Throws INVALID_REQUEST for no address. */
export function keys(given: string, { nonce, ...flags }: KeysFlags, command: Command): void {
  const wallet = checksumAddress(parseAddress(given));
  const message = keyMessage(wallet, nonce);
  const keyFile = { wallet, signature: "0x...", ...(nonce !== undefined && { nonce }) };
  tell(command, flags, { wallet, message, keyFile }, [
    `Let the wallet ${wallet} sign this text with personal_sign:`,
    "",
    message,
    "",
    "The keys come from the signature, so it is as secret as they are. Put it into a file that only you can read, and give that as --keys:",
    "",
    JSON.stringify(keyFile),
  ]);
}
