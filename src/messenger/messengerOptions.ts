/** What an app gives to `createMessenger`, and what a platform adds. */
import type { Fetcher } from "../fetch/fetcher.js";
import { guardUrl } from "../fetch/urlGuard.js";
import type { KeyValue } from "../sending/keyValue.js";
import type { CommonOptions } from "./commonOptions.js";
import type { SocketIo } from "./liveConnection.js";
import type { Problem } from "./mailbox.js";
import type { StoragePort } from "./storagePort.js";

export interface MessengerOptions extends CommonOptions {
  /** The user's ENS name, under which the profile is. */
  readonly name: string;
  /**
   * Where unsent messages, and what was acknowledged, outlast a reload: `indexedDbKeyValue("my-app")` in browsers. Default:
   * memory.
   */
  readonly store?: KeyValue | undefined;
  /**
   * Keeps the conversations for all of the user's devices: `createStorage` of `signpost-sdk/storage`. Default: none, and nothing but
   * `store` is kept.
   */
  readonly storage?: StoragePort | undefined;
  /** `io` of socket.io-client 4, for messages as soon as they arrive. Without it mailboxes are looked into every `pollMs`. */
  readonly io?: SocketIo | undefined;
  /** Default: 15 seconds. */
  readonly pollMs?: number | undefined;
  /**
   * How many characters a message's attachments (data URIs) may have together in its envelope. What is over goes to the
   * user's own relay nodes, sealed. Default: 48,000, which fits into the 100,000 bytes that relay nodes usually take.
   */
  readonly inlineAttachmentChars?: number | undefined;
  /** Told of relay nodes that fail, and of envelopes that cannot be read; everything else goes on. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
}

/** What depends on where it runs. */
export interface Platform {
  readonly fetcher: Fetcher;
  /** Options for `io` that guard the connection to this URL. */
  readonly socketOptions: (url: string) => Readonly<Record<string, unknown>>;
}

/** Throws FORBIDDEN_ADDRESS for a relay node that leads somewhere else than to the internet. */
export function guardedSocketOptions(
  platform: Platform,
  url: string,
  allowLoopback: boolean | undefined,
): Readonly<Record<string, unknown>> {
  guardUrl(url, { allowLoopback: allowLoopback ?? false });
  return platform.socketOptions(url);
}
