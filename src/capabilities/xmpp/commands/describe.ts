/** `signpost xmpp describe`: what the gateway says of itself, for its network record. */
import { MESSAGE_TYPES } from "../../../dm3/message/message.js";
import type { NetworkDescription } from "../../../dm3/statement/networkRecord.js";
import { SignpostError } from "../../../errors.js";
import { MOST_SUBMISSIONS_A_MINUTE } from "../../../messaging/submitting.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { type XmppConfig, xmppSettings } from "../settings.js";

const MINUTES = 60;

/** Throws INVALID_CONFIGURATION for settings that are not complete. */
export function describe(): void {
  const settings = readSettings([xmppSettings], process.env)(xmppSettings);
  print({ json: true }, draftOf(settings), []);
}

/** A draft of the record: each of its relay nodes still has to sign it (`signpost network prove`). */
function draftOf({
  component,
  registry,
  relayNode,
  sizeLimit,
}: Pick<XmppConfig, "component" | "registry" | "relayNode" | "sizeLimit">): NetworkDescription & {
  readonly relayNodes: readonly string[];
} {
  if (component === null || registry === null || relayNode === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "Set XMPP_COMPONENT, XMPP_DOMAIN, XMPP_SECRET, XMPP_NAMES, XMPP_REGISTRY_URL, XMPP_REGISTRY_KEY and RELAY_ENS_NAME first: the record is made of them.",
    );
  }
  return {
    ...{ kind: "gateway", network: "xmpp", names: registry.names },
    nativeDomain: component.nativeDomain,
    virtualDomain: component.domain,
    ...{ addressRule: 1, directions: "both", codecs: ["dm3"] },
    messageTypes: [...MESSAGE_TYPES],
    ...{ sizeLimit, hourlyLimit: MOST_SUBMISSIONS_A_MINUTE * MINUTES },
    relayNodes: [relayNode],
  };
}
