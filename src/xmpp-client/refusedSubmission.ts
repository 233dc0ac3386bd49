/** What becomes of a message that the gateway did not accept, or not yet. */
import type { NodeState, OutgoingMessage, Reason } from "../sending/outgoingMessage.js";
import { stateAfter } from "../sending/patience.js";
import type { SendingParts } from "../sending/sendingParts.js";
import { settled } from "../sending/settled.js";
import type { SubmissionAnswer } from "./answers.js";

/** The gateway stands where the receiver's relay nodes stand otherwise: on the same clocks. */
export function noted(
  sending: SendingParts,
  message: OutgoingMessage,
  gateway: string,
  answer: Exclude<SubmissionAnswer, { kind: "accepted" }>,
): OutgoingMessage {
  const [status, reason] = meaningOf(answer);
  const no = { status, reason, sentence: answer.sentence };
  const state = stateAfter(message.nodes[gateway], no, sending);
  const nodes = { ...message.nodes, [gateway]: state };
  return settled({ ...message, nodes }, [gateway], sending.nowMs());
}

type Meaning = readonly [NodeState["status"], Reason];

const TRY_AGAIN: Meaning = ["unreachable", "unreachable"];

/** What the gateway itself says no with (docs/xmpp-wire.md). */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  NOT_FOUND: ["refused", "no-profile"],
  ENVELOPE_MALFORMED: ["refused", "malformed"],
  LIMIT_EXCEEDED: ["later", "limit"],
};

/** Every error that the gateway did not name means "try again": servers answer in its place while it is away. */
function meaningOf(answer: Exclude<SubmissionAnswer, { kind: "accepted" }>): Meaning {
  if (answer.kind !== "error" || answer.code === null) return TRY_AGAIN;
  const { code, condition } = answer;
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? TRY_AGAIN;
  return condition === "policy-violation" ? ["refused", "too-large"] : TRY_AGAIN;
}
