/** `signpost xmpp describe`: what the gateway says of itself, for its network record. */
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { describedGateway } from "../description.js";
import { xmppSettings } from "../settings.js";

/** Throws INVALID_CONFIGURATION for settings that are not complete. */
export function describe(): void {
  const settings = readSettings([xmppSettings], process.env)(xmppSettings);
  const { description, relayNode } = describedGateway(settings);
  print({ json: true }, { ...description, relayNodes: [relayNode] }, []);
}
