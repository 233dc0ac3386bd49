/**
 * The SDK for apps of an XMPP server that has a messaging gateway for DM3: the app's users write to DM3 users, and are written to. Runs
 * in browsers and under Node; under Node the package's exports lead to `xmppNode.ts`, which computes faster and guards connections.
 *
 *   const connection = xmppClientConnection(client, xml); // of @xmpp/client
 *   const messenger = createXmppMessenger({ connection, gateway, address, rpc, keys, profile, wallet, store });
 *   await messenger.send("alice.eth", "Hello Alice");
 *   for await (const message of messenger.messages()) await messenger.acknowledge(message);
 */
import { createBrowserFetcher } from "../fetch/browserFetcher.js";
import type { XmppMessenger } from "../xmpp-client/messengerInterface.js";
import { createXmppMessenger as createAnywhere } from "../xmpp-client/xmppMessenger.js";
import type { XmppMessengerOptions } from "../xmpp-client/xmppMessengerOptions.js";

export { openMessageKeys } from "./messages.js";
export * from "./xmppSurface.js";

/**
 * A messenger for one account. It listens to the connection from now on, links the account whenever that is there, and sends what waits.
 *
 * Throws INVALID_REQUEST and INVALID_NAME for wrong options.
 */
export function createXmppMessenger(options: XmppMessengerOptions): XmppMessenger {
  const { allowLoopback = false, fetcher = createBrowserFetcher({ allowLoopback }) } = options;
  return createAnywhere(options, { fetcher });
}
