/** In a next step: the options that a command was given and that the next one needs as well. */
import type { EnsFlags } from "../ensOptions.js";
import type { AccountFlags } from "./accountOptions.js";
import type { ChainFlags } from "./chainOptions.js";

/** Each with a space before it. The RPC node's URL itself is not repeated, because it often holds an API key. */
export function chainAgain({ rpc, ...ens }: ChainFlags): string {
  return (rpc === undefined ? "" : " --rpc <url>") + ensAgain(ens);
}

function ensAgain({ registry, universalResolver }: EnsFlags): string {
  return given({ "--registry": registry, "--universal-resolver": universalResolver });
}

export function accountAgain({ keystore, passphraseFile, rpcAccount }: AccountFlags): string {
  return given({
    "--keystore": keystore,
    "--passphrase-file": passphraseFile,
    "--rpc-account": rpcAccount,
  });
}

function given(options: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(options)
    .flatMap(([option, value]) => (value === undefined ? [] : [` ${option} ${quoted(value)}`]))
    .join("");
}

/** As a shell takes it for one word. */
function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
