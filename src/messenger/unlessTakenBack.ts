/** How messages are sent beside a storage: it is asked once more when a receiver is found, since another device may have taken one back. */
import { advance } from "../sending/advance.js";
import type { WhyNot } from "../sending/outgoingMessage.js";
import type { Advance } from "../sending/sendingParts.js";

class NotNow extends Error {}

const WHY: WhyNot = {
  reason: "unreachable",
  sentence: "The storage does not say now whether another device took this message back.",
};

/** @param mayBeSent asked with the message's id in the outbox; where it says no, the message is held */
export function unlessTakenBack(mayBeSent: (id: string) => Promise<boolean>): Advance {
  return async (parts, message, keep) => {
    const asked: typeof parts = {
      ...parts,
      profileOf: async (...whom) => {
        const outcome = await parts.profileOf(...whom);
        if (outcome.status === "found" && !(await mayBeSent(message.id))) throw new NotNow();
        return outcome;
      },
    };
    try {
      return await advance(asked, message, keep);
    } catch (error) {
      if (!(error instanceof NotNow)) throw error;
      const dueMs = parts.nowMs() + parts.patience.heldMs;
      return { ...message, mark: "held", why: WHY, dueMs };
    }
  };
}
