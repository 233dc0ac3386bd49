/** XEP-0077: how clients of XMPP show that an account can be joined to the gateway. An app for DM3 links it; here it can be ended. */
import type { Element } from "ltx";
import type { NetworkEvents } from "../messaging/network.js";
import type { Sender } from "./jid.js";
import { REGISTER_NS } from "./namespaces.js";
import { xml } from "./xml.js";

const INSTRUCTIONS =
  "Sign in with an app for DM3: it links this account by itself. Then add the contact of anybody by the DM3 name.";

/** @returns what stands in the result */
export async function registration(
  type: string,
  query: Element,
  { address }: Sender,
  events: NetworkEvents,
): Promise<Element | null> {
  if (type === "get") {
    return xml("query", { xmlns: REGISTER_NS }, xml("instructions", {}, INSTRUCTIONS));
  }
  if (query.getChild("remove", REGISTER_NS) !== undefined) await events.unlinked(address);
  return null;
}
