/** What every messenger is given, whichever way its messages go. */
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { DEFAULT_TIMEOUT_MS, type ResolveOptions } from "../lookup/resolveOptions.js";
import type { Patience } from "../sending/patience.js";
import type { OutgoingReport } from "./outgoingReport.js";
import { noKeys } from "./wrongUse.js";

export interface CommonOptions extends Omit<ResolveOptions, "relayNodes" | "cache" | "signal"> {
  /** Those of the profile: `await openMessageKeys(profileKeys)`. */
  readonly keys: MessageKeys;
  /** From before a change, newest first: what was written for them can still be read. */
  readonly earlierKeys?: readonly MessageKeys[] | undefined;
  /** Further names of the user that messages may be written to. */
  readonly furtherNames?: readonly string[] | undefined;
  /** Whether senders are told that a message arrived (READ_RECEIVED) when the app acknowledges it. Default: true. */
  readonly receipts?: boolean | undefined;
  /** How long is gone on with what cannot be sent. */
  readonly patience?: Partial<Patience> | undefined;
  /** Told of each step of an outgoing message. */
  readonly onOutgoing?: ((message: OutgoingReport) => void) | undefined;
}

/** Those of lookups, without the messenger's own. */
export function lookupOptions({
  rpc,
  ensRegistry,
  universalResolver,
  ipfsGateways,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  allowLoopback,
}: CommonOptions) {
  return { rpc, ensRegistry, universalResolver, ipfsGateways, timeoutMs, allowLoopback };
}

/** Apps in JavaScript leave keys out, or do not open them. Throws INVALID_REQUEST. */
export function assertOpened(keys: Partial<MessageKeys> | undefined): void {
  if (keys?.engine === undefined) throw noKeys();
}
