/** What the bridge's settings say of it: a draft of its network record, which each of its relay nodes still has to sign. */
import type { NetworkDescription } from "../../dm3/statement/networkRecord.js";
import { MOST_SUBMISSIONS_A_MINUTE } from "../../messaging/submitting.js";
import { bridgeIn, type MailConfig, relayNodeIn } from "./settings.js";

export interface DescribedBridge {
  readonly description: NetworkDescription;
  /** ENS name. */
  readonly relayNode: string;
}

const MINUTES = 60;
/** Those that a mail can be, by the codec: any receipt is shown as read, so READ_RECEIVED has no mail. */
const MESSAGE_TYPES = [...["NEW", "REPLY", "EDIT", "DELETE_REQUEST", "REACTION", "READ_OPENED"]];

/** Throws INVALID_CONFIGURATION for settings that are not complete. */
export function describedBridge(
  config: Pick<MailConfig, "bridge" | "relayNode" | "mailSizeLimit">,
): DescribedBridge {
  const bridge = bridgeIn(config);
  const description: NetworkDescription = {
    ...{ kind: "bridge", network: "mail", names: bridge.registry.names },
    // the names say whose: bob.mail.example.<names>
    nativeDomain: null,
    virtualDomain: bridge.domain,
    ...{ addressRule: 1, directions: "both", codecs: ["openpgp-mime"] },
    messageTypes: MESSAGE_TYPES,
    sizeLimit: config.mailSizeLimit,
    hourlyLimit: MOST_SUBMISSIONS_A_MINUTE * MINUTES,
  };
  return { description, relayNode: relayNodeIn(config) };
}
