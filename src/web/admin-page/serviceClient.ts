/** The SDK's client, for the service that this page is from. */
import { type Client, createClient } from "../../sdk/index.js";

const LONGEST_WAIT_MS = 30_000;

/** The folder that the page lies in: a proxy may have put the service below a path. */
export function serviceUrl(): string {
  return new URL(".", `${location.origin}${location.pathname}`).href;
}

export function clientOf(apiKey: string): Client {
  return createClient({ url: serviceUrl(), apiKey, timeoutMs: LONGEST_WAIT_MS });
}
