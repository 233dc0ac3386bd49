/** The SDK for apps of an XMPP server under Node: the same functions, with Node's own cryptography, and guarded connections. */
import { createGuardedFetcher } from "../net/guardedFetch.js";
import type { XmppMessenger } from "../xmpp-client/messengerInterface.js";
import { createXmppMessenger as createAnywhere } from "../xmpp-client/xmppMessenger.js";
import type { XmppMessengerOptions } from "../xmpp-client/xmppMessengerOptions.js";

export { openMessageKeys } from "./messagesNode.js";
export * from "./xmppSurface.js";

/**
 * A messenger for one account. It listens to the connection from now on, links the account whenever that is there, and sends what waits.
 * CCIP gateways, which strangers choose, are reached by connections that refuse private addresses after DNS.
 *
 * Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createXmppMessenger(options: XmppMessengerOptions): XmppMessenger {
  const { allowLoopback = false, fetcher = createGuardedFetcher({ allowLoopback }) } = options;
  return createAnywhere(options, { fetcher });
}
