/** The messages of one conversation are brought on in their order, and their leases kept alive meanwhile. */
import { isSignpostError } from "../errors.js";
import type { Lease } from "./outbox.js";
import type { OutgoingMessage } from "./outgoingMessage.js";
import type { Keep } from "./sendingParts.js";
import { withoutAnswer } from "./withoutReceiver.js";
import type { Pace, WorkParts } from "./workParts.js";

/** Brings one message as far as it gets now. */
export type GoOn = (message: OutgoingMessage, keep: Keep) => Promise<OutgoingMessage>;

/** Somebody else has the message now. */
class LostLease extends Error {}

interface ConversationWorkParts extends WorkParts {
  readonly leaseMs: Pace["leaseMs"];
  readonly goOn: GoOn;
  /** Called where a message is not done, and due again. */
  readonly isDue: () => void;
}

/** @returns works these leases of one conversation off, once what is under way in it is over; never rejects */
export function conversationWork(
  works: ConversationWorkParts,
): (leases: readonly Lease[], before?: Promise<void>) => Promise<void> {
  const { outbox, leaseMs } = works;
  const leaseTime = () => ({ nowMs: works.nowMs(), leaseMs });

  /** Of one conversation: what was written first goes first. Never rejects. */
  async function inOrder(leases: readonly Lease[], before?: Promise<void>): Promise<void> {
    const beating = new AbortController();
    let waiting = leases;
    const beat = keepAlive(() => waiting, beating.signal);
    await before;
    for (const lease of leases) {
      await worked(lease);
      waiting = waiting.filter((other) => other !== lease);
    }
    beating.abort("done");
    await beat;
  }

  /** Prolongs the leases while their messages are under way or wait for one that is. */
  async function keepAlive(current: () => readonly Lease[], signal: AbortSignal): Promise<void> {
    for (;;) {
      await works.sleep(leaseMs / 3, signal);
      if (signal.aborted) return;
      for (const lease of current()) {
        await outbox.prolong(lease, leaseTime()).catch((error: unknown) => {
          works.reportFailure(error);
        });
      }
    }
  }

  async function worked(lease: Lease): Promise<void> {
    let latest = lease.message;
    const written = async (message: OutgoingMessage, isDone: boolean) => {
      const kept = await outbox.write(lease, message, isDone ? null : leaseTime());
      if (kept === null) throw new LostLease();
      latest = message;
      works.onProgress?.(kept);
    };
    try {
      const after = await works.goOn(lease.message, (message) => written(message, false));
      await written(after, true);
      if (after.dueMs !== null) works.isDue();
    } catch (error) {
      if (!(error instanceof LostLease)) {
        works.reportFailure(error);
        await setAside({ ...lease, message: latest }, error).catch(works.reportFailure);
      }
      works.isDue();
    }
  }

  /** What cannot be worked on now lets others pass, for longer each time. */
  async function setAside(lease: Lease, error: unknown): Promise<void> {
    // where the outbox does not answer, the lease runs out
    if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return;
    const isProfile = isSignpostError(error, "INVALID_PROFILE");
    const after = withoutAnswer(works, lease.message, {
      reason: isProfile ? "untrusted-profile" : "unreachable",
      sentence: isSignpostError(error) ? error.message : "It could not be worked on; see the log.",
    });
    const kept = await outbox.write(lease, after, null);
    if (kept !== null) works.onProgress?.(kept);
  }

  return inOrder;
}

/** By conversation, in the order in which they were written. */
export function conversationsIn(leases: readonly Lease[]): ReadonlyMap<string, readonly Lease[]> {
  const byReceiver = new Map<string, Lease[]>();
  for (const lease of leases) {
    const key = JSON.stringify([lease.message.from, lease.message.to]);
    byReceiver.set(key, [...(byReceiver.get(key) ?? []), lease]);
  }
  return byReceiver;
}
