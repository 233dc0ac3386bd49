/** The setting CHAIN_RPC_URLS: an RPC node for each chain. A secret, because such URLs carry API keys. */
import { SignpostError } from "../errors.js";

const MOST_CHAINS = 32;

/**
 * Reads `<chain id>=<URL>`, separated by commas; a comma inside a URL is written %2C.
 * @throws INVALID_CONFIGURATION; its message is the rest of a sentence that begins with the setting's name, and
 *   repeats nothing of the value
 */
export function parseChainRpcUrls(text: string): ReadonlyMap<bigint, string> {
  const entries = text.split(",").map((entry) => entry.trim());
  if (entries.length > MOST_CHAINS) throw wrong(`must not name more than ${MOST_CHAINS} chains`);
  const urls = new Map<bigint, string>();
  entries.forEach((entry, index) => {
    const place = `entry ${index + 1}`;
    const [, chainId, url = ""] = /^([1-9][0-9]{0,18})=(\S+)$/.exec(entry) ?? [];
    if (chainId === undefined) throw wrong(`must consist of <chain id>=<URL>, unlike ${place}`);
    if (!isPlainHttpUrl(url)) {
      throw wrong(`must name http: or https: URLs without user name and password, unlike ${place}`);
    }
    if (urls.has(BigInt(chainId))) throw wrong(`names a chain twice, in ${place} again`);
    urls.set(BigInt(chainId), url);
  });
  return urls;
}

/** `fetch` refuses credentials in a URL. */
function isPlainHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

function wrong(what: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", what);
}
