/** One check of a registered relay node: its record, its proof for name and owner, and what is behind its URL. */
import { parseRecord } from "../dm3/profile/parseRecord.js";
import {
  type DeliveryServiceProfile,
  parseDeliveryServiceProfile,
} from "../dm3/profile/profile.js";
import { isProofOf, type NodeProof, parseNodeProof } from "../dm3/statement/nodeProof.js";
import { isSignpostError } from "../errors.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { askNode } from "./askNode.js";
import type { Finding } from "./nodeState.js";
import type { RegisteredNode } from "./nodeStore.js";

export interface NodeCheck {
  readonly finding: Finding;
  /** Null where the record cannot be read. */
  readonly url: string | null;
  readonly listed: boolean;
}

/** What is not proven is not asked: nobody has us send requests to a node that is not theirs. */
export async function checkNode(
  registered: RegisteredNode,
  access: RelayNodeAccess,
): Promise<NodeCheck> {
  const { name, owner } = registered;
  const profile = readOrNull(() => profileIn(registered.record));
  if (profile === null) {
    const finding = { state: "wrong", reason: "has a record that is no profile" } as const;
    return { finding, url: null, listed: false };
  }
  const { url } = profile;
  const proof = proofIn(registered.proof);
  if (proof === null) return unproven(url, "was registered without a proof");
  if (!isProofOf({ name, owner, profile }, proof)) {
    return unproven(url, "has a proof that is not by its key for this name and its owner");
  }
  const { listed } = proof;
  const answer = await askNode(profile, access);
  const finding: Finding =
    answer.kind === "works"
      ? { state: "works", reason: null }
      : { state: answer.kind, reason: answer.reason };
  return { finding, url, listed };
}

function unproven(url: string, reason: string): NodeCheck {
  return { finding: { state: "unproven", reason }, url, listed: false };
}

/** Records are verified when they are written; a later version may hold them to more. */
function profileIn(record: string): DeliveryServiceProfile | null {
  const parsed = parseRecord(record);
  return parsed.kind === "data" ? parseDeliveryServiceProfile(parsed.json) : null;
}

function proofIn(text: string | null): NodeProof | null {
  return text === null ? null : readOrNull(() => parseNodeProof(JSON.parse(text)));
}

function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || isSignpostError(error, "INVALID_PROFILE")) return null;
    throw error;
  }
}
