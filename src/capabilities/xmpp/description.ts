/** What the gateway's settings say of it: a draft of its network record, which each of its relay nodes still has to sign. */
import { MESSAGE_TYPES } from "../../dm3/message/message.js";
import type { NetworkDescription } from "../../dm3/statement/networkRecord.js";
import { SignpostError } from "../../errors.js";
import { MOST_SUBMISSIONS_A_MINUTE } from "../../messaging/submitting.js";
import type { XmppConfig } from "./settings.js";

export interface DescribedGateway {
  readonly description: NetworkDescription;
  /** ENS name. */
  readonly relayNode: string;
}

const MINUTES = 60;

/** Throws INVALID_CONFIGURATION for settings that are not complete. */
export function describedGateway({
  component,
  registry,
  relayNode,
  sizeLimit,
}: Pick<XmppConfig, "component" | "registry" | "relayNode" | "sizeLimit">): DescribedGateway {
  if (component === null || registry === null || relayNode === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "Set XMPP_COMPONENT, XMPP_DOMAIN, XMPP_SECRET, XMPP_NAMES, XMPP_REGISTRY_URL, XMPP_REGISTRY_KEY and RELAY_ENS_NAME first: the record is made of them.",
    );
  }
  const description: NetworkDescription = {
    ...{ kind: "gateway", network: "xmpp", names: registry.names },
    nativeDomain: component.nativeDomain,
    virtualDomain: component.domain,
    ...{ addressRule: 1, directions: "both", codecs: ["dm3"] },
    messageTypes: [...MESSAGE_TYPES],
    ...{ sizeLimit, hourlyLimit: MOST_SUBMISSIONS_A_MINUTE * MINUTES },
  };
  return { description, relayNode };
}
