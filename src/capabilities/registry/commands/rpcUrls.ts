/** The RPC nodes by which contract wallets are asked about entries of histories. */
import { isSignpostError, SignpostError } from "../../../errors.js";
import { parseChainRpcUrls } from "../../../settings/chainRpcUrls.js";
import { installationSettings } from "../../../settings/installationSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";

/** Of `--rpc`: <chain id>=<URL>, with commas. Throws INVALID_REQUEST. */
export function rpcUrlsOf(text: string | undefined): ReadonlyMap<bigint, string> {
  if (text === undefined) return new Map();
  try {
    return parseChainRpcUrls(text);
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CONFIGURATION")) throw error;
    throw new SignpostError("INVALID_REQUEST", `--rpc ${error.message}.`);
  }
}

/** Without `--rpc`, those of the installation (CHAIN_RPC_URLS). Throws INVALID_REQUEST, INVALID_CONFIGURATION. */
export function rpcUrlsOrSet(
  text: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<bigint, string> {
  if (text !== undefined) return rpcUrlsOf(text);
  return readSettings([installationSettings], environment)(installationSettings).secrets
    .chainRpcUrls;
}
