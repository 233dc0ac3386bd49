/** Connections of other libraries, such as socket.io's client, to addresses that strangers chose. */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { guardUrl, type UrlGuardOptions } from "../fetch/urlGuard.js";
import { publicAddresses } from "./addressRule.js";
import { guardedLookup } from "./guardedLookup.js";

/**
 * An agent that connects to public addresses only, checked after DNS. For this URL alone: literal addresses are not looked up,
 * so they are checked here.
 * @throws FORBIDDEN_ADDRESS
 */
export function guardedSocketAgent(text: string, options: UrlGuardOptions): HttpAgent {
  const { protocol } = guardUrl(text, options);
  const lookup = guardedLookup(publicAddresses(options));
  return protocol === "https:" ? new HttpsAgent({ lookup }) : new HttpAgent({ lookup });
}
