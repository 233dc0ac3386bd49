/**
 * Somebody in the network wants all that the bridge keeps to be gone. What waits for that person ends at once, and its senders learn it
 * from the bridge's own name: the person's is about to lead nowhere, so that nobody could check an answer from there.
 */
import type { NativeAddress } from "../address/nativeAddress.js";
import type { Delivery, NetworkEvents } from "../network.js";
import { answerDm3 } from "./answerDm3.js";
import type { BridgeParts } from "./bridgeParts.js";
import type { VirtualUser } from "./custody.js";
import { isOfSender } from "./ofSender.js";
import { isReceipt, opened } from "./sendNative.js";
import { notDelivered } from "./writeBack.js";

type LeavingParts = Pick<
  BridgeParts,
  "custody" | "passages" | "directory" | "profileOf" | "itself" | "reportFailure"
>;
type LeavingEvents = Pick<NetworkEvents, "waiting" | "refused" | "left" | "linked" | "submitted">;

const GONE = "This person left the bridge and wants nothing more from here.";

/**
 * Tried again after a failure, it does what is left to do. No sender keeps anybody here: the operator learns who could not be told.
 * @throws UNREACHABLE, DATABASE_UNAVAILABLE
 */
export async function leave(
  parts: LeavingParts,
  events: LeavingEvents,
  native: NativeAddress,
): Promise<void> {
  const { custody, passages } = parts;
  const user = await custody.userOf(native);
  if (user !== null) await endWaiting(parts, events, user);
  await custody.forget(native, events);
  await passages.forgetAllOf(native);
}

async function endWaiting(
  parts: LeavingParts,
  events: LeavingEvents,
  user: VirtualUser,
): Promise<void> {
  for (;;) {
    const page = await events.waiting(user.native);
    if (page.length === 0) return;
    const bridge = await parts.custody.userFor(parts.itself, events, { is: "proven" });
    for (const delivery of page) {
      await tellSender(parts, events, { bridge, user }, delivery);
      const { hash, number } = delivery;
      // afterwards: what has ended is not found again
      await events.refused(user.native, { hash, number, sentence: GONE });
    }
  }
}

async function tellSender(
  parts: LeavingParts,
  events: LeavingEvents,
  { bridge, user }: { readonly bridge: VirtualUser; readonly user: VirtualUser },
  delivery: Delivery,
): Promise<void> {
  const { from, to, number } = delivery;
  const decoded = await openedOrReported(parts, user, delivery);
  // where it cannot be opened, nobody knows who wrote it
  if (decoded === null || decoded.is === "refused" || isReceipt(decoded.message)) return;
  await answerDm3(
    parts,
    events,
    bridge,
    {
      ...{ to: from, reference: decoded.message.messageHash, timestampMs: number },
      text: notDelivered(to, GONE),
    },
    // strangers could fill each limit, and take each name offline
    ["DATABASE_UNAVAILABLE"],
  );
}

/** Null where its sender's name does not resolve just now. */
async function openedOrReported(parts: LeavingParts, user: VirtualUser, delivery: Delivery) {
  try {
    return await opened(parts, user, delivery);
  } catch (error) {
    if (!isOfSender(error)) throw error;
    parts.reportFailure(error);
    return null;
  }
}
