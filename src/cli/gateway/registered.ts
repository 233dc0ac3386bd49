/** What a name has already of what a gateway registers: so that registering again signs and sends nothing. */
import { parseRecord } from "../../dm3/profile/parseRecord.js";
import {
  type DeliveryServiceProfile,
  parseDeliveryServiceProfile,
} from "../../dm3/profile/profile.js";
import { DM3_DELIVERY_SERVICE_KEY } from "../../dm3/profile/profileRecord.js";
import {
  isNetworkOf,
  NETWORK_KEY,
  type NetworkRecord,
  parseNetworkRecord,
} from "../../dm3/statement/networkRecord.js";
import {
  isProofOf,
  NODE_PROOF_KEY,
  type NodeClaim,
  parseNodeProof,
} from "../../dm3/statement/nodeProof.js";
import { parseStatementText } from "../../dm3/statement/statementText.js";
import { dm3Hash } from "../../dm3/stringify.js";
import { isSignpostError } from "../../errors.js";

/** Text records by key. */
export type Texts = Readonly<Record<string, string>>;

/** Whether the name has this relay node, with a proof that says the same. */
export function hasNode(texts: Texts, wanted: Omit<NodeClaim, "signedAtSec">): boolean {
  const profile = readable(texts[DM3_DELIVERY_SERVICE_KEY], nodeProfileIn);
  const proof = readable(texts[NODE_PROOF_KEY], (text) =>
    parseNodeProof(parseStatementText(NODE_PROOF_KEY, text)),
  );
  if (profile === null || proof === null) return false;
  return (
    dm3Hash(profile) === dm3Hash(wanted.profile) &&
    isProofOf(wanted, proof) &&
    proof.listed === wanted.listed &&
    (proof.canary ?? false) === (wanted.canary ?? false)
  );
}

/** The record that all of its relay nodes signed for this name and owner; null without one. */
export function networkIn(texts: Texts, name: string, owner: string | null): NetworkRecord | null {
  const record = readable(texts[NETWORK_KEY], (text) =>
    parseNetworkRecord(parseStatementText(NETWORK_KEY, text)),
  );
  return record !== null && isNetworkOf(name, owner, record) ? record : null;
}

function nodeProfileIn(text: string): DeliveryServiceProfile | null {
  const record = parseRecord(text);
  return record.kind === "data" ? parseDeliveryServiceProfile(record.json) : null;
}

/** What cannot be read is replaced like what is not there. */
function readable<Read>(text: string | undefined, read: (text: string) => Read): Read | null {
  if (text === undefined || text === "") return null;
  try {
    return read(text);
  } catch (error) {
    if (isSignpostError(error, "INVALID_PROFILE")) return null;
    throw error;
  }
}
