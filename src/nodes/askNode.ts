/** One question to a relay node, by which is told whether it is one, and as far as it says so itself, whether it is this one. */
import type { DeliveryServiceProfile } from "../dm3/profile/profile.js";
import { isSignpostError } from "../errors.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import {
  propertiesIn,
  propertiesQuestion,
  type RelayNodeProperties,
} from "../sending/relayNodeProperties.js";

/** What is behind the URL. `reason` completes a sentence that begins with the node. */
export type NodeAnswer =
  | { readonly kind: "works"; readonly properties: RelayNodeProperties }
  | { readonly kind: "unreachable"; readonly reason: string }
  /** It answers, and is no relay node, or another one. */
  | { readonly kind: "wrong"; readonly reason: string };

/** A server that says that it is broken, or has no time, may be a relay node. */
const FIRST_OUTAGE_STATUS = 500;
const TOO_MANY = 429;

/**
 * Asks once for `dm3_getDeliveryServiceProperties`. Certificates are checked by the fetcher: TLS that is wrong is an outage, as
 * clients do not come through either.
 */
export async function askNode(
  { url, publicSigningKey }: Pick<DeliveryServiceProfile, "url" | "publicSigningKey">,
  { fetcher, timeoutMs }: RelayNodeAccess,
): Promise<NodeAnswer> {
  try {
    const { status, body } = await fetcher(propertiesQuestion(url, timeoutMs));
    if (status >= FIRST_OUTAGE_STATUS || status === TOO_MANY) {
      return { kind: "unreachable", reason: `answers with HTTP status ${status}` };
    }
    if (status !== 200) return { kind: "wrong", reason: `answers with HTTP status ${status}` };
    return judge(propertiesIn(body), publicSigningKey);
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE")) {
      const { reason = "it did not answer", status } = error.details;
      // with a status it is a redirect: an answer, which leads somewhere else
      const kind = status === undefined ? "unreachable" : "wrong";
      return { kind, reason: reason.replace(/^it /, "") };
    }
    if (isSignpostError(error, "TOO_LARGE")) {
      return { kind: "wrong", reason: "answers with more than a relay node has to say" };
    }
    if (isSignpostError(error, "FORBIDDEN_ADDRESS")) {
      return { kind: "wrong", reason: `has a URL that nobody may follow: ${error.details.reason}` };
    }
    throw error;
  }
}

function judge(properties: RelayNodeProperties | null, publicSigningKey: string): NodeAnswer {
  if (properties === null) {
    return { kind: "wrong", reason: "does not tell the properties of a relay node" };
  }
  const { sizeLimit, messageTtlDays, publicSigningKeys: told } = properties;
  if (sizeLimit === null || sizeLimit === 0 || messageTtlDays === null) {
    return { kind: "wrong", reason: "tells properties without sizeLimit or messageTTL" };
  }
  if (told !== null && !told.includes(publicSigningKey)) {
    return { kind: "wrong", reason: "has other keys than those of its profile" };
  }
  return { kind: "works", properties };
}
