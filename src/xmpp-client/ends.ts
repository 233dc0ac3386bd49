/** How submissions end that the gateway had accepted, or whose acceptance came late. */
import type { Outgoing } from "../messenger/outgoing.js";
import type { OutgoingReport } from "../messenger/outgoingReport.js";
import type { NewOutgoing } from "../sending/newOutgoing.js";
import type { Reason, WhyNot } from "../sending/outgoingMessage.js";
import type { Heard } from "./heard.js";
import type { Submissions } from "./submissions.js";

export interface EndParts {
  readonly submissions: Submissions;
  readonly outgoing: Pick<Outgoing, "sendWritten" | "raiseOne">;
  /** Tells the gateway that the end is known here. Never rejects. */
  readonly note: (address: string, hash: string) => Promise<void>;
}

export interface Ends {
  /** The gateway accepted it after nobody waited any more. */
  accepted(address: string, hash: string): Promise<void>;
  /** It will not arrive: sealed anew once where that helps, and refused otherwise. */
  failed(failed: Extract<Heard, { readonly kind: "failed" }>): Promise<void>;
  /** Of a message of the outbox: what was sealed anew counts for the one that the app knows. */
  progressed(report: OutgoingReport): Promise<void>;
}

/** Of a message that is sent once more in the place of another one. */
const AGAIN = "again/";

export const isAgain = (id: string) => id.startsWith(AGAIN);

export function createEnds({ submissions, outgoing, note }: EndParts): Ends {
  return {
    async accepted(address, hash) {
      const known = await submissions.find(address, hash);
      if (known !== null) await outgoing.raiseOne(known.id, "accepted");
    },
    async failed({ address, hash, reason, sentence }) {
      const known = await submissions.find(address, hash);
      // of another device of the user, which has to hear of it as well
      if (known === null) return;
      const { id, given, deliveryInstruction } = known;
      if (reason === "wrong-key" && given !== null && !isAgain(id)) {
        const again: NewOutgoing = {
          ...{ id: AGAIN + id, given },
          ...(deliveryInstruction !== null && { deliveryInstruction }),
        };
        await outgoing.sendWritten(again);
      } else {
        await outgoing.raiseOne(id, "refused", whyOf(reason, sentence));
      }
      await note(address, hash);
    },
    async progressed({ id, state, why }) {
      if (state === null) return;
      if (state !== "accepted") await submissions.ended(id);
      if (isAgain(id) && state !== "accepted") {
        await outgoing.raiseOne(id.slice(AGAIN.length), state, why ?? undefined);
      }
    },
  };
}

function whyOf(reason: string, sentence: string): WhyNot {
  const known = REASONS.find((one) => one === reason) ?? "unnamed";
  return {
    reason: known,
    sentence: sentence === "" ? "The gateway could not deliver it." : sentence,
  };
}

const IS_REASON: Readonly<Record<Reason, true>> = {
  ...{ "no-profile": true, "untrusted-profile": true, "no-relay-node": true, unreachable: true },
  ...{ limit: true, "too-large": true, unwanted: true, "no-account": true },
  ...{ "unknown-sender": true, "wrong-key": true, malformed: true, unnamed: true },
};
const REASONS = Object.keys(IS_REASON) as Reason[];
