/**
 * The relay node's door (http/accounts/door.ts), through which senders come as well: nobody knows who they are before their
 * signature was checked, so what is refused counts by the network that it comes from. What was accepted counts for its sender
 * instead (relay/senderLimits), because one server may send for all of its users.
 */
import type { IncomingMessage } from "node:http";
import type { TakeQuestion } from "../../accounts/directory.js";
import { isSignpostError } from "../../errors.js";
import { accountDoor, type Door, type DoorParts, MOST_NETWORKS } from "../accounts/door.js";
import { assertWithin } from "../fairness/assertWithin.js";
import { rateLimits } from "../fairness/rateLimits.js";

const REFUSALS_PER_MINUTE = 600;
const REFUSALS = { limit: REFUSALS_PER_MINUTE, of: "refused messages a minute from one network" };

export interface RelayDoor extends Door {
  /** Throws LIMIT_EXCEEDED for a network that was refused too often, and is not listened to for a while. */
  assertHeard(request: IncomingMessage): void;
  /** Counts what is refused without a look at it. */
  countRefusal(request: IncomingMessage): void;
  /** Runs `work`, which may be refused: that is counted, and so are its questions to ENS. Throws as `assertHeard`. */
  asSender<T>(request: IncomingMessage, work: (take: TakeQuestion) => Promise<T>): Promise<T>;
}

export function relayDoor(parts: DoorParts): RelayDoor {
  const { networkOf, nowMs } = parts;
  const door = accountDoor(parts);
  const refusals = rateLimits(nowMs, MOST_NETWORKS);
  /** Until when a network is not listened to. */
  const silenced = new Map<string, number>();

  function assertHeard(network: string | null): void {
    const untilMs = network === null ? undefined : silenced.get(network);
    if (untilMs === undefined) return;
    const leftMs = untilMs - nowMs();
    if (leftMs > 0) assertWithin(Math.ceil(leftMs / 1000), REFUSALS);
    silenced.delete(network ?? "");
  }

  function noteRefusal(network: string | null): void {
    if (network === null) return;
    const retryAfterSec = refusals.take(network, REFUSALS_PER_MINUTE, 60, 1);
    if (retryAfterSec === null) return;
    silenced.set(network, nowMs() + retryAfterSec * 1000);
    const [oldest] = silenced.keys();
    if (silenced.size > MOST_NETWORKS && oldest !== undefined) silenced.delete(oldest);
  }

  return {
    ...door,

    assertHeard: (request) => {
      assertHeard(networkOf(request));
    },
    countRefusal: (request) => {
      noteRefusal(networkOf(request));
    },

    asSender: async (request, work) => {
      const network = networkOf(request);
      assertHeard(network);
      const take = door.questionsOf(request);
      /** Whoever asks again asks nobody, and what is known of others goes on. */
      let noneLeft: unknown;
      try {
        return await work(() => {
          try {
            return take();
          } catch (error) {
            noneLeft = error;
            throw error;
          }
        });
      } catch (error) {
        // what we could not find out is not the sender's fault
        const isUnknown = isSignpostError(error, "UNREACHABLE", "DATABASE_UNAVAILABLE", "INTERNAL");
        if (!isUnknown && error !== noneLeft) noteRefusal(network);
        throw error;
      }
    },
  };
}
