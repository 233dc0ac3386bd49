/** Whether a relay node says itself that it is behind its name. */
import type { DeliveryServiceProfile } from "../dm3/profile/profile.js";
import { isProofOf, NODE_PROOF_KEY, parseNodeProof } from "../dm3/statement/nodeProof.js";
import { parseStatementText } from "../dm3/statement/statementText.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";
import type { NodeProofFinding } from "./networkOutcome.js";
import { type FailedOutcome, outcomeOfError } from "./outcome.js";
import { readStatement, type StatementRead } from "./readStatement.js";
import type { ResolveSettings } from "./resolveOptions.js";

export type PublishedProof = StatementRead | FailedOutcome;

/** What the name publishes; to be compared with the node's profile. */
export async function publishedProof(
  asked: ResolvableName,
  settings: ResolveSettings,
): Promise<PublishedProof> {
  try {
    return await readStatement(asked, settings, NODE_PROOF_KEY, "has proven no relay node");
  } catch (error) {
    return outcomeOfError(asked.name, error);
  }
}

export function nodeProofFinding(
  { name }: ResolvableName,
  profile: DeliveryServiceProfile,
  published: PublishedProof,
): NodeProofFinding {
  if (published.status === "absent") return "none";
  // an answer that failed a check says nothing of the node: somebody else may have made it
  if (published.status !== "read") return "unknown";
  const { text, owner } = published;
  try {
    const proof = parseNodeProof(parseStatementText(NODE_PROOF_KEY, text));
    return isProofOf({ name, owner, profile }, proof) ? "proven" : "wrong";
  } catch (error) {
    if (isSignpostError(error, "INVALID_PROFILE")) return "wrong";
    throw error;
  }
}
