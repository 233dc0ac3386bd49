/** What the relay nodes' answers come to for the message. */
import { type NodeState, type OutgoingMessage, raised, type WhyNot } from "./outgoingMessage.js";

/**
 * Refused when all said no for good; expired when the deadline passes while one of them gave no answer; otherwise it waits
 * for the first that is tried again.
 * @param names the receiver's relay nodes, in the order of the profile
 */
export function settled(
  message: OutgoingMessage,
  names: readonly string[],
  nowMs: number,
): OutgoingMessage {
  const states = names.flatMap((name) => message.nodes[name] ?? []);
  const [first] = states;
  if (first === undefined) return message;
  const open = states.filter(isOpen);
  const [firstOpen] = open;
  if (firstOpen === undefined) return raised(message, "refused", whyOf(first));
  if (nowMs >= message.deadlineMs) {
    const silent = open.find(({ status }) => status === "unreachable");
    // whoever says "not now" until the end has said no
    return silent === undefined
      ? raised(message, "refused", whyOf(firstOpen))
      : raised(message, "expired", whyOf(silent));
  }
  const dueMs = Math.min(...open.map(({ nextMs }) => nextMs), message.deadlineMs);
  return { ...message, why: whyOf(firstOpen), dueMs };
}

type OpenState = Exclude<NodeState, { readonly status: "refused" }>;

const isOpen = (state: NodeState): state is OpenState => state.status !== "refused";

const whyOf = ({ reason, sentence }: WhyNot): WhyNot => ({ reason, sentence });
